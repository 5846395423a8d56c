import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { serverPlace } from "./testing/server-place.js";
import { ServerProcess } from "./testing/server-process.js";
import { ask } from "./testing/test-player.js";
import { testSecret } from "./testing/test-server.js";

const place = serverPlace("stopping");
/** Sends the process SIGTERM once its larger parts are being loaded, as the end of a container may early in a start. */
const signalWhileLoading = `
  import { Module } from "node:module";
  const load = Module._load;
  let sent = false;
  Module._load = function (request, ...rest) {
    if (!sent && /(^|[/])(sequelize|pg|ioredis|pino)$/.test(request)) {
      sent = true;
      process.kill(process.pid, "SIGTERM");
    }
    return load.call(this, request, ...rest);
  };
`;

const start = (environment: Record<string, string>, program: "main" | "sources" = "main") =>
  new ServerProcess({ ...place.environment, JWT_SECRET: testSecret, PORT: "0", ...environment }, [], program);

/** Takes connections, and never says a word. */
let silent: Server;
let silentUrl = "";
beforeAll(async () => {
  silent = createServer().listen(0, "127.0.0.1");
  await once(silent, "listening");
  const address = silent.address();
  silentUrl = typeof address === "object" ? `postgres://user@127.0.0.1:${address?.port}/db` : "";
});
afterAll(async () => {
  silent.close();
  await place.drop();
});

test("a signal that comes while the program is being loaded stops it in order", async () => {
  const signalling = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(signalWhileLoading)}` };
  const exit = await start(signalling, "sources").exited;
  expect(exit).toMatchObject({ code: 0, signal: null });
  expect(exit.stdout).toContain("stopped while starting");
});

test("the first signal ends a start that hangs", async () => {
  const server = start({ DATABASE_URL: silentUrl });
  const [connection] = await once(silent, "connection");
  connection.on("error", () => undefined);
  const exit = await server.end("SIGTERM");
  expect(exit).toMatchObject({ code: 0, signal: null });
  expect(exit.stdout).toContain("stopped while starting");
});

test("a stop is announced: for a while the server says that it is not ready, and serves on", async () => {
  const server = start({ STOP_ANNOUNCED_MS: "3000" });
  const address = await server.address();
  const exited = server.end("SIGTERM");
  await expect.poll(() => ask(address, "/readyz")).toMatchObject({ status: 503, body: { status: "shuttingDown" } });
  expect(await ask(address, "/livez", { headers: { connection: "close" } })).toMatchObject({ status: 200 });
  expect(await exited).toMatchObject({ code: 0, signal: null });
  await expect(ask(address, "/livez")).rejects.toThrow();
});
