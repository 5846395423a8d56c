import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { now, until } from "../clock.js";
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

test("an open proxy passes bytes both ways, as late as it is set to", async () => {
  const socket = await client();
  socket.write("one");
  expect(await answer(socket)).toBe("one");
  proxy.delayMs = 40;
  const began = now();
  socket.write("two");
  expect(await answer(socket)).toBe("two");
  expect(now() - began).toBeGreaterThan(70);
});

test("lost replies belong to requests that arrived, and the connection is cut once the proxy is open again", async () => {
  const socket = await client();
  proxy.set("loseReplies");
  socket.write("lost");
  await until(
    async () => heard === "lost",
    () => "the request did not arrive",
    5,
  );
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
