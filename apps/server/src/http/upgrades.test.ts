import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../testing/test-server.js";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

/** All that the server says to an upgrade at this path, until it ends the connection. */
async function upgradeAt(path: string): Promise<string> {
  const { hostname, port } = new URL(server.address);
  const socket = connect(Number(port), hostname);
  let heard = "";
  socket.on("data", (chunk) => {
    heard += chunk;
  });
  const key = Buffer.alloc(16).toString("base64");
  const headers = ["Host: x", "Connection: Upgrade", "Upgrade: websocket", `Sec-WebSocket-Key: ${key}`];
  socket.write([`GET ${path} HTTP/1.1`, ...headers, "Sec-WebSocket-Version: 13", "", ""].join("\r\n"));
  await once(socket, "close");
  return heard;
}

test.each([
  ["of a health endpoint", "/livez", 404],
  ["of the page", "/", 404],
  ["of a game", "/games/x", 404],
  ["that is unknown", "/nowhere", 404],
  ["that is none", "/%E0%A4%A", 400],
])("an upgrade at a path %s is refused, and the connection ended", async (_what, path, status) => {
  const heard = await upgradeAt(path);
  expect(heard).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(heard).toContain("application/problem+json");
});
