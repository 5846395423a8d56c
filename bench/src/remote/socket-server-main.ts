import { servedBy, serveSockets } from "./socket-server.js";
import type { SocketServerOptions } from "./start-socket-server.js";

// The program of a bare server. It says its port, and ends with its parent.
process.on("disconnect", () => process.exit(0));
const { contender, address } = JSON.parse(process.argv[2] ?? "{}") as SocketServerOptions;
process.send?.(await serveSockets(await servedBy(contender, address)));
