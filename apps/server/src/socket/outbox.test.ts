import { expect, test } from "vitest";
import { Outbox, type SendingSocket } from "./outbox.js";

/** A socket whose other side takes something only when told to. */
class SlowSocket implements SendingSocket {
  bufferedAmount = 0;
  readonly sent: string[] = [];
  closed: number | null = null;
  readonly #done: ((error?: Error | null) => void)[] = [];

  send(text: string, done: (error?: Error | null) => void): void {
    this.sent.push(text);
    this.bufferedAmount += text.length;
    this.#done.push(done);
  }

  close(code: number): void {
    this.closed = code;
  }

  take(): void {
    this.bufferedAmount = 0;
    for (const done of this.#done.splice(0)) done();
  }
}

test("of a game's views only the newest waits; each game gets its turn; replies do not wait", () => {
  const socket = new SlowSocket();
  const outbox = new Outbox(socket, 1_000);
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
  const outbox = new Outbox(socket, 1_000);
  outbox.show("a", "a1");
  outbox.show("b", "b1");
  outbox.forget("b");
  socket.take();
  expect(socket.sent).toEqual(["a1"]);
});

test("who lets more than the limit pile up is told to try again later, and nothing more is sent", () => {
  const socket = new SlowSocket();
  const outbox = new Outbox(socket, 100);
  for (let count = 0; count < 20 && socket.closed === null; count += 1) {
    outbox.reply({ type: "unwatched", gameId: "some-game" });
  }
  expect(socket.closed).toBe(1013);
  const sent = socket.sent.length;
  expect(sent).toBeLessThan(10);
  outbox.show("a", "a1");
  outbox.reply({ type: "unwatched", gameId: "some-game" });
  expect(socket.sent).toHaveLength(sent);
});
