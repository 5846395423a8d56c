import { createVirtualRuntime } from "@turnkeep/core/virtual-runtime";
import { expect, test } from "vitest";
import type { ConnectionState } from "./socket.js";
import { ApiSocket } from "./socket.js";

type Listener = (event: { readonly data: unknown; readonly code: number }) => void;

/** The other end of a socket, played by the test. */
class FakeSocket {
  readonly sent: Record<string, unknown>[] = [];
  closed = false;
  readonly #listeners = new Map<string, Listener>();

  constructor(readonly url: string) {}

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  close(): void {
    this.closed = true;
  }
  addEventListener(type: string, listener: Listener): void {
    this.#listeners.set(type, listener);
  }
  open(): void {
    this.#happen("open", {});
  }
  say(message: object): void {
    this.#happen("message", { data: JSON.stringify(message) });
  }
  end(code: number): void {
    this.#happen("close", { code });
  }
  #happen(type: string, event: { readonly data?: unknown; readonly code?: number }): void {
    this.#listeners.get(type)?.({ data: null, code: 0, ...event });
  }
}

function connected(token: () => string = () => "token") {
  const runtime = createVirtualRuntime();
  const sockets: FakeSocket[] = [];
  const states: ConnectionState[] = [];
  class Opened extends FakeSocket {
    constructor(url: string) {
      super(url);
      sockets.push(this);
    }
  }
  const socket = new ApiSocket({
    url: "ws://server/ws",
    token,
    WebSocket: Opened,
    backoff: { firstMs: 1_000, longestMs: 4_000 },
    runtime,
    onState: (state) => states.push(state),
  });
  const newest = () => {
    const found = sockets.at(-1);
    if (found === undefined) throw new Error("no socket was opened");
    return found;
  };
  const authenticate = () => {
    newest().open();
    newest().say({ type: "authenticated", playerId: "p", expiresInMs: 600_000 });
  };
  return { runtime, sockets, states, socket, newest, authenticate };
}

const write = { writeId: "write-0001", action: { type: "draw" } };
const done = { type: "done", gameId: "g", version: "1.2", status: "live", durability: "durable", duplicate: false };

test("it authenticates first, and watches each game again on every connection", async () => {
  const { runtime, sockets, states, socket, newest, authenticate } = connected();
  const seen: unknown[] = [];
  socket.watch("g", { view: (game) => seen.push(game.version) });
  expect(newest().sent).toEqual([]);
  authenticate();
  expect(newest().sent).toEqual([
    { type: "authenticate", token: "token" },
    { type: "watch", gameId: "g" },
  ]);
  newest().say({ type: "view", gameId: "g", version: "1.1" });
  newest().say({ type: "view", gameId: "other", version: "9.9" });
  newest().end(1_006);
  await runtime.advance(1_000);
  expect(sockets).toHaveLength(2);
  authenticate();
  expect(newest().sent.at(-1)).toEqual({ type: "watch", gameId: "g" });
  newest().say({ type: "view", gameId: "g", version: "1.2" });
  expect(seen).toEqual(["1.1", "1.2"]);
  expect(states).toEqual(["live", "lost", "live"]);
});

test("pauses between connections grow, and a server that shuts down is replaced at once", async () => {
  const { runtime, sockets, newest, authenticate } = connected();
  const untilNext = async () => {
    const [before, from] = [sockets.length, runtime.monotonicMs()];
    await runtime.advanceUntil(() => sockets.length > before);
    return runtime.monotonicMs() - from;
  };
  for (const most of [1_000, 2_000, 4_000, 4_000]) {
    newest().end(1_006);
    const ms = await untilNext();
    expect(ms).toBeGreaterThanOrEqual(most / 2);
    expect(ms).toBeLessThanOrEqual(most);
  }
  authenticate();
  newest().end(1_001);
  expect(await untilNext()).toBe(100);
});

test("an action is answered by its own reply; one without a reply is unanswered", async () => {
  const { runtime, socket, newest, authenticate } = connected();
  await expect(socket.act("g", write)).rejects.toThrow("not connected");
  authenticate();
  const [first, refused, late, broken] = [1, 2, 3, 4].map(() => socket.act("g", write));
  const ids = newest().sent.flatMap(({ requestId }) => (requestId === undefined ? [] : [requestId]));
  newest().say({ type: "error", requestId: ids[1], problem: { status: 409, code: "NotYourTurn" } });
  newest().say({ ...done, requestId: ids[0] });
  expect(await first).toMatchObject({ version: "1.2" });
  await expect(refused).rejects.toMatchObject({ name: "Refusal", status: 409, code: "NotYourTurn" });
  const tooLate = expect(late).rejects.toThrow("no answer in time");
  const alsoLate = expect(broken).rejects.toThrow("no answer in time");
  await runtime.advance(5_000);
  await Promise.all([tooLate, alsoLate]);
  const last = expect(socket.act("g", write)).rejects.toThrow("the connection broke");
  newest().end(1_006);
  await last;
});

test("a game that cannot be watched is reported, a problem that passes is not: the game is asked for again", async () => {
  const { runtime, socket, newest, authenticate } = connected();
  const gone: string[] = [];
  socket.watch("g", { view: () => undefined, gone: (code) => gone.push(code) });
  authenticate();
  newest().say({ type: "error", gameId: "g", problem: { status: 503, code: "StoreUnavailable" } });
  await runtime.advance(1_000);
  expect(newest().sent.filter(({ type }) => type === "watch")).toHaveLength(2);
  newest().say({ type: "error", gameId: "g", problem: { status: 404, code: "GameNotFound" } });
  newest().say({ type: "gone", gameId: "g" });
  expect(gone).toEqual(["GameNotFound", "GameGone"]);
});

test("a new connection takes nothing before it is authenticated, and a refused token does not wait for that", async () => {
  const { states, socket, sockets, newest, authenticate } = connected();
  authenticate();
  const broken = expect(socket.act("g", write)).rejects.toThrow("the connection broke");
  socket.reconnect();
  await broken;
  expect(sockets[0]?.closed).toBe(true);
  socket.watch("g", { view: () => undefined });
  await expect(socket.act("g", write)).rejects.toThrow("not connected");
  expect(newest().sent).toEqual([]);
  newest().end(1_008);
  expect(states).toEqual(["live", "refused"]);
});

test("a client that is refused is in another state than one that lost its connection", async () => {
  const { states, newest } = connected();
  newest().open();
  newest().end(1_008);
  expect(states).toEqual(["refused"]);
});

test("a server that accepts and says nothing is given up", async () => {
  const { runtime, sockets, states } = connected();
  await runtime.advance(5_000);
  expect(sockets[0]?.closed).toBe(true);
  expect(states).toEqual(["lost"]);
  await runtime.advance(1_000);
  expect(sockets).toHaveLength(2);
});

test("a connection whose probe fails is lost, unless it has been replaced meanwhile", async () => {
  const { states, socket, authenticate } = connected();
  authenticate();
  await socket.check(async () => "alive");
  expect(states).toEqual(["live"]);
  await socket.check(async () => {
    socket.reconnect();
    authenticate();
    throw new Error("the old one is dead");
  });
  expect(states).toEqual(["live"]);
  await socket.check(() => Promise.reject(new Error("dead")));
  expect(states).toEqual(["live", "lost"]);
});

test("the last watcher's end ends the watching, and once closed nothing goes on", async () => {
  const { runtime, sockets, states, socket, newest, authenticate } = connected();
  authenticate();
  const unwatch = [1, 2].map(() => socket.watch("g", { view: () => undefined }));
  unwatch[0]?.();
  expect(newest().sent.at(-1)).toMatchObject({ type: "watch" });
  unwatch[1]?.();
  expect(newest().sent.at(-1)).toMatchObject({ type: "unwatch" });
  socket.close();
  socket.reconnect();
  newest().end(1_005);
  await runtime.advance(60_000);
  expect(sockets).toHaveLength(1);
  expect(runtime.untilNextTimerMs()).toBeNull();
  expect(states).toEqual(["live", "closed"]);
});

test("a newer token is shown on the same connection before the old one runs out", async () => {
  let token = "old";
  const { runtime, sockets, newest, socket, authenticate } = connected(() => token);
  authenticate();
  socket.watch("g", { view: () => undefined });
  await runtime.advance(590_000);
  token = "new";
  const before = newest().sent.length;
  await runtime.advance(9_000);
  expect(newest().sent.slice(before)).toEqual([{ type: "authenticate", token: "new" }]);
  newest().say({ type: "authenticated", playerId: "p", expiresInMs: 600_000 });
  await runtime.advance(60_000);
  expect(newest().sent).toHaveLength(before + 1);
  expect(sockets).toHaveLength(1);
});

test("a connection that ends with its token is made again at once", async () => {
  const { runtime, sockets, newest, authenticate } = connected();
  authenticate();
  newest().end(4001);
  await runtime.advance(100);
  expect(sockets).toHaveLength(2);
});
