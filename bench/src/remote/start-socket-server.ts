import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Address } from "../contenders/contender.js";

export interface SocketServerOptions {
  readonly contender: "limit" | "naive";
  readonly address: Address;
}

const fromSources = import.meta.url.endsWith(".ts");
const file = fromSources ? "./socket-server-main.ts" : "./socket-server-main.js";

/** A bare server in a process of its own, which ends with this one. */
export async function startSocketServer(options: SocketServerOptions) {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), [JSON.stringify(options)], {
    execArgv: fromSources ? ["--import", "tsx", "--conditions=@turnkeep/source"] : [],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const exited = once(child, "exit");
  const [port] = await Promise.race([once(child, "message"), exited.then(() => [null])]);
  if (port === null) throw new Error("the bare server did not start");
  return {
    url: `ws://127.0.0.1:${port}`,
    async stop() {
      child.disconnect();
      await exited;
    },
  };
}
