import { once } from "node:events";
import { createServer, type IncomingMessage, request } from "node:http";

/** Passes on what comes below a path, without it, as a proxy in front of a server does. */
export async function startPathProxy(target: string, path: string): Promise<{ address: string; stop(): void }> {
  const { hostname, port } = new URL(target);
  const pass = ({ url = "", method = "GET", headers }: IncomingMessage) =>
    request({ hostname, port, path: url.slice(path.length), method, headers, agent: false });
  const isBelow = ({ url = "" }: IncomingMessage) => url.startsWith(`${path}/`);

  const proxy = createServer((incoming, outgoing) => {
    if (!isBelow(incoming)) return void outgoing.writeHead(404).end();
    const passed = pass(incoming).on("response", (response) => {
      outgoing.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(outgoing);
    });
    passed.on("error", () => outgoing.destroy());
    incoming.pipe(passed);
  });
  proxy.on("upgrade", (incoming, socket) => {
    if (!isBelow(incoming)) return void socket.destroy();
    const passed = pass(incoming).on("upgrade", (response, other) => {
      const lines = Object.entries(response.headers).map(([name, value]) => `${name}: ${value}`);
      socket.write(["HTTP/1.1 101 Switching Protocols", ...lines, "", ""].join("\r\n"));
      other.pipe(socket).pipe(other);
      for (const end of [other, socket]) end.on("error", () => undefined);
    });
    passed.on("error", () => socket.destroy()).end();
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  const bound = proxy.address();
  const boundPort = typeof bound === "object" ? bound?.port : 0;
  return { address: `http://127.0.0.1:${boundPort}${path}/`, stop: () => void proxy.close().closeAllConnections() };
}
