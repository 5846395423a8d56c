import { expect, test } from "vitest";
import { Outbox, type SendingSocket } from "./outbox.js";

/** A socket whose other side takes something only when it is made to. */
class SlowSocket implements SendingSocket {
  bufferedAmount = 0;
  readonly sent: string[] = [];
  readonly #done: ((error?: Error | null) => void)[] = [];

  send(text: string, done: (error?: Error | null) => void): void {
    this.sent.push(text);
    this.bufferedAmount += text.length;
    this.#done.push(done);
  }

  take(): void {
    this.bufferedAmount = 0;
    for (const done of this.#done.splice(0)) done();
  }
}

test("of a game's views only the newest waits; each game gets its turn; replies do not wait", () => {
  const socket = new SlowSocket();
  const outbox = new Outbox(socket, 1_000, () => undefined);
  outbox.show("a", "a1");
  outbox.show("a", "a2");
  outbox.show("b", "b1");
  outbox.show("a", "a3");
  outbox.reply({ type: "unwatched", gameId: "c" });
  expect(socket.sent).toEqual(["a1", '{"type":"unwatched","gameId":"c"}']);
  socket.take();
  socket.take();
  socket.take();
  expect(socket.sent.slice(2)).toEqual(["a3", "b1"]);
});

test("a view that is no longer wanted is not sent", () => {
  const socket = new SlowSocket();
  const outbox = new Outbox(socket, 1_000, () => undefined);
  outbox.show("a", "a1");
  outbox.show("b", "b1");
  outbox.forget("b");
  socket.take();
  expect(socket.sent).toEqual(["a1"]);
});

test("for who lets more than the limit pile up, that is said once and nothing more is sent", () => {
  const socket = new SlowSocket();
  let tooSlow = 0;
  const outbox = new Outbox(socket, 100, () => {
    tooSlow += 1;
  });
  for (let count = 0; count < 20; count += 1) outbox.reply({ type: "unwatched", gameId: "some-game" });
  outbox.show("a", "a1");
  expect(tooSlow).toBe(1);
  expect(socket.sent.length).toBeLessThan(10);
  expect(socket.sent).not.toContain("a1");
});
