import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { expect, test } from "vitest";
import { startTestServer } from "../../testing/test-server.js";
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
