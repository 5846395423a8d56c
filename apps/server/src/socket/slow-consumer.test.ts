import { expect, test } from "vitest";
import { ask, TestPlayer } from "../testing/test-player.js";
import { startTestServer } from "../testing/test-server.js";

test("a client that asks on and on and takes no answer is cut off, and others do not notice", async () => {
  const server = await startTestServer({
    environment: { SOCKET_BUFFER_LIMIT_BYTES: "65536", SOCKET_MESSAGES_PER_SECOND: "100000" },
  });
  const [slow, quick] = [await TestPlayer.create(), await TestPlayer.create()];
  const deaf = await slow.connect(server.address);
  const other = await quick.connect(server.address);
  deaf.raw.pause();
  const question = JSON.stringify({ type: "unwatch", gameId: "x".repeat(190), requestId: "r".repeat(64) });
  // More than both sides' kernels keep for it.
  for (let count = 0; count < 60_000; count += 1) deaf.raw.send(question, () => undefined);
  other.say({ type: "unwatch", gameId: "x" });
  await other.hear("unwatched");
  await new Promise<void>((resolve) => {
    const look = setInterval(() => {
      if (server.app.websocketServer.clients.size === 1) {
        clearInterval(look);
        resolve();
      }
    }, 20);
  });
  deaf.raw.resume();
  // Closed with 1013; but a client that does not read may not see that either.
  expect([1013, 1006]).toContain((await deaf.closed).code);
  expect((await ask(server.address, "/livez")).status).toBe(200);
  expect(other.raw.readyState).toBe(other.raw.OPEN);
  await other.close();
  await server.stop();
});
