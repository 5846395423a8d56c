import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../../testing/test-server.js";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

/** All that the server says to this, until it ends the connection. */
async function tell(text: string): Promise<string> {
  const { hostname, port } = new URL(server.address);
  const socket = connect(Number(port), hostname);
  let heard = "";
  socket.on("data", (chunk) => {
    heard += chunk;
  });
  socket.write(text);
  await once(socket, "close");
  return heard;
}

function upgradeAt(path: string): Promise<string> {
  const key = Buffer.alloc(16).toString("base64");
  const headers = ["Host: x", "Connection: Upgrade", "Upgrade: websocket", `Sec-WebSocket-Key: ${key}`];
  return tell([`GET ${path} HTTP/1.1`, ...headers, "Sec-WebSocket-Version: 13", "", ""].join("\r\n"));
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

test.each([
  ["no HTTP", "hello\r\n\r\n", 400],
  ["an unknown method", "FETCH / HTTP/1.1\r\nHost: x\r\n\r\n", 400],
  ["two lengths", "POST /games HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}", 400],
  ["endless headers", `GET / HTTP/1.1\r\nHost: x\r\nX-A: ${"a".repeat(20_000)}\r\n\r\n`, 431],
])("%s is answered with a problem, and the connection ended", async (_what, text, status) => {
  const [head, body] = (await tell(text)).split("\r\n\r\n");
  expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(head).toContain("application/problem+json");
  expect(JSON.parse(body ?? "")).toMatchObject({ status, code: "BadRequest", instance: expect.any(String) });
});
