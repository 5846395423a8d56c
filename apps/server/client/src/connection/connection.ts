import type { ApiSocket, ConnectionState as SocketState, Watcher } from "@turnkeep/api";
import { api, base } from "./api.js";
import { session } from "./session.js";
import { createStore } from "./store.js";

/** The page never closes its socket. */
export type ConnectionState = Exclude<SocketState, "closed">;

/** How this page stands with the server. */
export const connection = createStore<ConnectionState>("connecting");

const answerMs = 5_000;
const checkEveryMs = 10_000;

let opened: ApiSocket | undefined;

/** The page's one socket. */
function socket(): ApiSocket {
  opened ??= api.openSocket((state) => state !== "closed" && connection.set(state));
  return opened;
}

/** Shows the game now and whenever it changes, also across lost connections; the returned function ends that. */
export const watchGame = (gameId: string, watcher: Watcher): (() => void) => socket().watch(gameId, watcher);

/** Connects, and connects again whenever the connection is lost or another player signs in. */
export function keepConnected(): void {
  const reconnect = () => socket().reconnect();
  socket();
  session.subscribe(reconnect);
  addEventListener("online", reconnect);
  addEventListener("offline", () => socket().lose());
  setInterval(check, checkEveryMs);
  // A phone that slept has dead sockets, and does not know.
  document.addEventListener("visibilitychange", check);
}

/** How often the server was reached, at first or again. */
export const arrivals = createStore(0);
connection.subscribe(() => {
  if (connection.get() === "live") arrivals.set(arrivals.get() + 1);
});

/** Does not wait for the next try. */
export function tryNow(): void {
  if (connection.get() !== "live") socket().reconnect();
}

/** A server that hangs, and a way to it that swallows everything, close no socket: they are found by asking. */
function check(): void {
  if (document.visibilityState !== "visible") return;
  void socket().check(() => fetch(`${base}livez`, { signal: AbortSignal.timeout(answerMs), cache: "no-store" }));
}
