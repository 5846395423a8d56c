import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { createVirtualRuntime } from "@turnkeep/core/virtual-runtime";
import Fastify from "fastify";
import { expect, test } from "vitest";
import { TestPlayer } from "../../testing/test-player.js";
import { startTestServer } from "../../testing/test-server.js";
import { boundConnections } from "./connections.js";
import { isOwnName } from "./demo-host.js";

function open(address: string): Socket {
  const { hostname, port } = new URL(address);
  return connect(Number(port), hostname).on("error", () => undefined);
}

/** All that the server says to these bytes until it ends the connection. */
async function say(address: string, ...lines: readonly string[]): Promise<string> {
  const socket = open(address);
  let heard = "";
  socket.on("data", (chunk) => {
    heard += chunk;
  });
  socket.write([...lines, "", ""].join("\r\n"));
  await once(socket, "close");
  return heard;
}

test("a client that would rather speak HTTP/2 is answered all the same", async () => {
  const server = await startTestServer();
  const upgrade = ["Host: x", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABk"];
  const heard = await say(server.address, "GET /livez HTTP/1.1", ...upgrade);
  expect(heard).toMatch(/^HTTP\/1.1 200 /);
  expect(heard).toContain('{"status":"ok"}');
  expect(await say(server.address, "GET /nowhere HTTP/1.1", ...upgrade)).toMatch(/^HTTP\/1.1 404 /);
  await server.stop();
});

test("an address has so many connections, and a silent one is not kept for ever", async () => {
  const server = await startTestServer({ environment: { CONNECTIONS_PER_ADDRESS: "3" } });
  const idle = [open(server.address), open(server.address), open(server.address)];
  await Promise.all(idle.map((socket) => once(socket, "connect")));
  await once(open(server.address), "close");
  idle[0]?.destroy();
  await expect
    .poll(() => say(server.address, "GET /livez HTTP/1.1", "Host: x", "Connection: close"))
    .toMatch(/^HTTP\/1.1 200 /);
  expect(server.app.server.timeout).toBeGreaterThan(0);
  for (const socket of idle) socket.destroy();
  await server.stop();
});

test("a full server answers health, refuses the rest with 503 or by closing, says so once, and takes more later", async () => {
  const environment = { MAX_CONNECTIONS: "3", METRICS_PORT: "0" };
  const server = await startTestServer({ environment });
  const [first, second] = [open(server.address), open(server.address)];
  await Promise.all([first, second].map((socket) => once(socket, "connect")));
  const player = await TestPlayer.create();
  const match = await player.connect(server.address);
  const get = (path: string, ...more: string[]) => say(server.address, `GET ${path} HTTP/1.1`, "Host: x", ...more);
  expect(await get("/live")).toMatch(/^HTTP\/1.1 503 .*connection: close.*"code":"Overloaded"/is);
  const socket = [
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    `Sec-WebSocket-Key: ${"A".repeat(22)}==`,
  ];
  expect(await get("/ws", ...socket)).toMatch(/^HTTP\/1.1 503 /);
  for (const path of ["/livez", "/readyz"]) expect(await get(path)).toMatch(/^HTTP\/1.1 200 /);
  const crowd = Array.from({ length: 17 }, () => open(server.address));
  await Promise.race(crowd.map((one) => once(one, "close")));
  expect(server.logged().match(/no more connections are taken/g)).toHaveLength(1);
  const metrics = await (await fetch(`${server.metricsAddress}/metrics`)).text();
  expect(metrics).toMatch(/^turnkeep_connections_refused_total\{bound="server"\} 3$/m);
  expect(metrics).toMatch(/^turnkeep_connections 19$/m);
  for (const one of [...crowd, first]) one.destroy();
  await expect.poll(() => get("/live", "Connection: close")).toMatch(/^HTTP\/1.1 401 /);
  await match.close();
  second.destroy();
  await server.stop();
});

test("a connection that is kept for health ends after 5 s, whatever it does", async () => {
  const runtime = createVirtualRuntime();
  const app = Fastify();
  boundConnections(app, { perAddress: 0, inAll: 1 }, { countConnections: () => () => undefined }, runtime);
  const address = await app.listen({ port: 0, host: "127.0.0.1" });
  const [first, second] = [open(address), open(address)];
  await expect.poll(() => runtime.untilNextTimerMs()).toBe(5_000);
  const ended = Promise.race([once(first, "close"), once(second, "close")]);
  await runtime.advance(5_000);
  await ended;
  expect(runtime.untilNextTimerMs()).toBeNull();
  for (const one of [first, second]) one.destroy();
  await app.close();
});

test("in demo mode a server of this machine answers pages of no other name", async () => {
  const environment = { ALLOWED_ORIGINS: "https://play.example" };
  const server = await startTestServer({ demo: true, environment });
  const ask = (host: string, path = "/live") =>
    say(server.address, `GET ${path} HTTP/1.1`, `Host: ${host}`, "Connection: close");
  for (const host of ["localhost:1", "127.0.0.1", "[::1]:3000", "play.example"])
    expect(await ask(host), host).toContain(" 200 ");
  expect(await ask("evil.example:3000")).toContain(" 403 ");
  expect(await ask("evil.example", "/readyz")).toContain(" 200 ");
  await server.stop();
  const own = await startTestServer();
  expect(await say(own.address, "GET /livez HTTP/1.1", "Host: evil.example", "Connection: close")).toContain(" 200 ");
  await own.stop();
});

test.each([
  ["localhost.evil.example", false],
  ["127.0.0.1.evil.example", false],
  ["a.localhost", true],
  ["192.168.0.7:3000", true],
])("the name %s is own: %s", (host, isOwn) => {
  expect(isOwnName(host, [])).toBe(isOwn);
});
