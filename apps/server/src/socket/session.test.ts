import { EventEmitter } from "node:events";
import type { GameAnswer } from "@turnkeep/api/schemas";
import { createVirtualRuntime } from "@turnkeep/core/virtual-runtime";
import { expect, test } from "vitest";
import type { Watcher } from "../games/watch/game-watches.js";
import { Session } from "./session.js";
import type { SessionParts, SessionSocket } from "./session-socket.js";

const limitBytes = 10_000;

/** A socket whose other side takes nothing. */
class StuckSocket extends EventEmitter implements SessionSocket {
  bufferedAmount = 0;
  readonly sent: string[] = [];
  closedWith: number | null = null;
  pinged: string | null = null;
  ended = false;

  send(text: string): void {
    this.sent.push(text);
    this.bufferedAmount += text.length;
  }

  close(code: number): void {
    this.closedWith = code;
  }

  ping(data: string): void {
    this.pinged = data;
  }

  terminate(): void {
    this.ended = true;
  }
}

/** A spectator's session on a stuck socket; it is known who watches, and a view is shown soon. */
async function openSession(answer: Omit<GameAnswer, "gameId">) {
  const watching = new Set<string>();
  const socket = new StuckSocket();
  const parts = {
    access: { demo: {} },
    service: { view: async (gameId: string) => ({ gameId, ...answer }) },
    watches: {
      watch: (gameId: string, watcher: Watcher) => {
        watching.add(gameId);
        queueMicrotask(() => watcher.show(gameId, "a view"));
        return () => watching.delete(gameId);
      },
    },
    limits: {
      authenticateWithinMs: 60_000,
      socketMessagesPerSecond: 1_000,
      socketBufferLimitBytes: limitBytes,
      socketWatchedGames: 32,
    },
    requestLimits: { count: () => undefined },
    runtime: createVirtualRuntime(),
  } as unknown as SessionParts;
  const session = new Session(parts, socket, { id: "request", ip: "192.0.2.1" });
  const say = async (message: object | Buffer) => {
    const isBinary = Buffer.isBuffer(message);
    socket.emit("message", isBinary ? message : Buffer.from(JSON.stringify(message)), isBinary);
    await new Promise(setImmediate);
  };
  await say({ type: "authenticate", token: null });
  return { session, socket, say, watching };
}

const live = { version: null, status: "live", stale: false, serviceTime: 0, view: {}, result: null } as const;

test("a socket that is cut off while it asks to watch does not watch", async () => {
  const { socket, say, watching } = await openSession(live);
  await say({ type: "watch", gameId: "a" });
  expect([...watching]).toEqual(["a"]);
  socket.bufferedAmount = limitBytes + 1;
  await say({ type: "watch", gameId: "b" });
  expect(socket.closedWith).toBe(1013);
  expect([...watching]).toEqual([]);
});

test("views of finished games pile up to the limit only", async () => {
  const { socket, say } = await openSession({ ...live, status: "archived", view: "x".repeat(1_000) });
  for (let game = 0; game < 20; game += 1) await say({ type: "watch", gameId: `game-${game}` });
  expect(socket.closedWith).toBe(1013);
});

test("a message that is no text is answered", async () => {
  const { socket, say } = await openSession(live);
  await say(Buffer.from([1, 2]));
  expect(JSON.parse(socket.sent.at(-1) ?? "")).toMatchObject({ type: "error", problem: { code: "InvalidInput" } });
});

test.each(["ping", "pong"])("a flood of %ss ends the socket as one of messages does", async (frame) => {
  const { socket } = await openSession(live);
  for (let count = 0; count < 1_900; count += 1) socket.emit(frame, Buffer.alloc(0));
  expect(socket.closedWith).toBeNull();
  for (let count = 0; count < 1_900; count += 1) socket.emit(frame, Buffer.alloc(0));
  expect(socket.closedWith).toBe(1008);
});

test("a pong that repeats no ping keeps no socket open", async () => {
  const { session, socket } = await openSession(live);
  session.beat();
  socket.emit("pong", Buffer.from(socket.pinged ?? ""));
  session.beat();
  expect(socket.ended).toBe(false);
  socket.bufferedAmount = 0;
  socket.emit("pong", Buffer.from("unasked"));
  session.beat();
  expect(socket.ended).toBe(true);
});
