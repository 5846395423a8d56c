import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { TcpProxy } from "./tcp-proxy.js";

let heard: string;
let sockets: Socket[];
let proxy: TcpProxy;
const echo = createServer((socket) => {
  sockets.push(socket);
  socket
    .on("error", () => {})
    .on("data", (chunk) => {
      heard += String(chunk);
      socket.write(chunk);
    });
});

beforeEach(async () => {
  heard = "";
  sockets = [];
  echo.listen(0, "127.0.0.1");
  await once(echo, "listening");
  proxy = await TcpProxy.start((echo.address() as AddressInfo).port);
});
afterEach(async () => {
  await proxy.close();
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => echo.close(resolve));
});

async function client(): Promise<Socket> {
  const socket = connect(proxy.port, "127.0.0.1").on("error", () => {});
  await once(socket, "connect");
  return socket;
}
const answer = async (socket: Socket) => String((await once(socket, "data"))[0]);

test("an open road carries both ways, late where it is told so", async () => {
  const socket = await client();
  socket.write("one");
  expect(await answer(socket)).toBe("one");
  proxy.delayMs = 40;
  const began = performance.now();
  socket.write("two");
  expect(await answer(socket)).toBe("two");
  expect(performance.now() - began).toBeGreaterThan(70);
});

test("lost replies belong to requests that arrived, and the connection is cut once the road is open again", async () => {
  const socket = await client();
  proxy.set("loseReplies");
  socket.write("lost");
  while (heard !== "lost") await new Promise((resolve) => setTimeout(resolve, 5));
  proxy.set("open");
  await once(socket, "close");
  expect(socket.bytesRead).toBe(0);
});

test("a refused connection is closed at once", async () => {
  proxy.set("refuse");
  const socket = connect(proxy.port, "127.0.0.1").on("error", () => {});
  await once(socket, "close");
  expect(socket.bytesRead).toBe(0);
});
