import type { GameAnswer } from "./answers.js";
import { backoffMs } from "./backoff.js";
import { session } from "./session.js";
import { createStore } from "./store.js";

export type ConnectionState = "connecting" | "live" | "lost" | "refused";

/** How this page stands with the server. */
export const connection = createStore<ConnectionState>("connecting");

/** What a watched game says. */
export interface Watcher {
  view(answer: GameAnswer): void;
  /** There is no such game, or it may not be seen. */
  gone(message: string): void;
}

interface ServerMessage extends Partial<GameAnswer> {
  readonly type: string;
  readonly problem?: { readonly code?: string; readonly status?: number };
}

const goingAway = 1_001;
const policy = 1_008;
const answerMs = 5_000;
const checkEveryMs = 10_000;
const watchAgainMs = 1_000;

const watchers = new Map<string, Set<Watcher>>();
let socket: WebSocket | null = null;
let attempt = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Hears of the game now and whenever it changes, also across lost connections; the returned function ends that. */
export function watchGame(gameId: string, watcher: Watcher): () => void {
  const watching = watchers.get(gameId) ?? new Set();
  if (watching.size === 0 && connection.get() === "live") say({ type: "watch", gameId });
  watchers.set(gameId, watching.add(watcher));
  return () => {
    watching.delete(watcher);
    if (watching.size > 0 || watchers.get(gameId) !== watching) return;
    watchers.delete(gameId);
    say({ type: "unwatch", gameId });
  };
}

/** Connects, and connects again whenever the connection is lost or another player signs in. */
export function keepConnected(): void {
  connect();
  session.subscribe(connect);
  addEventListener("online", connect);
  addEventListener("offline", () => lose(socket));
  setInterval(check, checkEveryMs);
  // A phone that slept has dead sockets, and does not know.
  document.addEventListener("visibilitychange", check);
}

/** Does not wait for the next try. */
export function tryNow(): void {
  if (connection.get() !== "live") connect();
}

function connect(): void {
  clearTimeout(timer);
  const old = socket;
  socket = null;
  old?.close();
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const opened = new WebSocket(`${scheme}://${location.host}/ws`);
  socket = opened;
  timer = setTimeout(() => lose(opened), answerMs);
  opened.addEventListener("open", () => {
    opened.send(JSON.stringify({ type: "authenticate", token: session.get()?.token ?? null }));
  });
  opened.addEventListener("message", ({ data }) => {
    if (opened === socket) hear(JSON.parse(String(data)) as ServerMessage);
  });
  opened.addEventListener("close", ({ code }) => lose(opened, code));
}

function lose(from: WebSocket | null, code = 0): void {
  if (from === null || from !== socket) return;
  socket = null;
  from.close();
  connection.set(code === policy && connection.get() !== "live" ? "refused" : "lost");
  clearTimeout(timer);
  timer = setTimeout(connect, code === goingAway ? 100 : backoffMs(attempt));
  attempt += 1;
}

/** A server that hangs, and a way to it that swallows everything, close no socket: they are found by asking. */
async function check(): Promise<void> {
  const checked = socket;
  if (connection.get() !== "live" || document.visibilityState !== "visible") return;
  const signal = AbortSignal.timeout(answerMs);
  await fetch("/livez", { signal, cache: "no-store" }).catch(() => lose(checked));
}

function say(message: object): void {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
}

function hear(message: ServerMessage): void {
  const { type, gameId } = message;
  if (type === "authenticated") {
    attempt = 0;
    clearTimeout(timer);
    connection.set("live");
    for (const watched of watchers.keys()) say({ type: "watch", gameId: watched });
  }
  if (gameId === undefined) return;
  if (type === "error" && passes(message.problem)) {
    setTimeout(() => watchers.has(gameId) && say({ type: "watch", gameId }), watchAgainMs);
    return;
  }
  for (const watcher of watchers.get(gameId) ?? []) {
    if (type === "view") watcher.view(message as unknown as GameAnswer);
    if (type === "gone") watcher.gone("This game was deleted.");
    if (type === "error") watcher.gone(goneText(message.problem?.code));
  }
}

/** A store that is away comes back: such an answer does not stay. */
const passes = ({ status = 0 }: NonNullable<ServerMessage["problem"]> = {}): boolean => status === 429 || status >= 502;

function goneText(code = ""): string {
  switch (code) {
    case "GameNotFound":
    case "InvalidGameId":
      return "There is no game here: its address is wrong, or it was deleted.";
    case "GameQuarantined":
      return "Something is wrong with this game. Nothing of it is lost: an operator looks after it.";
    default:
      return "This game cannot be seen now. Load the page again in a while.";
  }
}
