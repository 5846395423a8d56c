import { assertGameId, type GameId } from "@turnkeep/core";
import type { Cache, CopyFacts, Store } from "@turnkeep/core/ports";
import { type FollowOptions, looksAt } from "../follow.js";

/** One entry of a game's log; its number begins at 1. */
export interface NumberedEntry {
  readonly seq: number;
  /** JSON text. */
  readonly entry: string;
  /** Which side it was read from; `history` once the game is over. */
  readonly from: "store" | "cache" | "history";
}

export interface LogPorts {
  readonly cache: Pick<Cache, "inspect" | "subscribe">;
  readonly store: Pick<Store, "readLog" | "readReplay" | "status">;
}

export interface ReadLogOptions extends FollowOptions {
  /** The number of the first entry. @default 1 */
  readonly from?: number | undefined;
  /** Goes on with new entries, until the game is over. @default false */
  readonly follow?: boolean | undefined;
}

const pageEntries = 1_000;

/**
 * A game's log, in order, each number once: what the store has, then what only the served copy has; of a finished game
 * what history has. Numbers that are missing are left out. Changes nothing; a player must not see what it gives.
 * @throws InvalidGameId, StoreUnavailable, CacheUnavailable, Aborted
 */
export async function* readLog(
  ports: LogPorts,
  gameId: GameId,
  { from = 1, follow = false, ...options }: ReadLogOptions = {},
): AsyncGenerator<NumberedEntry> {
  assertGameId(gameId);
  let next = from;
  for await (const _look of follow ? looksAt(ports.cache, gameId, options) : [undefined]) {
    for await (const entry of activeEntries(ports, gameId, next, options.signal)) {
      yield entry;
      next = entry.seq + 1;
    }
    const status = follow ? await ports.store.status(gameId, { signal: options.signal }) : null;
    if (status === null ? next > from : status !== "archived" && status !== "deleted") continue;
    yield* finishedEntries(ports.store, gameId, next, options.signal);
    return;
  }
}

async function* activeEntries(
  { cache, store }: LogPorts,
  gameId: GameId,
  from: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<NumberedEntry> {
  let next = from;
  // Asked first: what a flush trims of the copy meanwhile is in the store by then.
  const [copy] = await cache.inspect([gameId], { entries: true, signal });
  for (;;) {
    const page = await store.readLog(gameId, { from: next, limit: pageEntries }, { signal });
    for (const { seq, entry } of page) yield { seq, entry, from: "store" };
    next = (page.at(-1)?.seq ?? next - 1) + 1;
    if (page.length < pageEntries) break;
  }
  if (copy !== undefined) yield* tailOf(copy).filter(({ seq }) => seq >= next);
}

async function* finishedEntries(
  store: LogPorts["store"],
  gameId: GameId,
  from: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<NumberedEntry> {
  const replay = await store.readReplay(gameId, { signal });
  const log: unknown = replay === null ? [] : (JSON.parse(replay.replay) as { log?: unknown }).log;
  if (!Array.isArray(log)) return;
  for (const [index, entry] of log.slice(from - 1).entries()) {
    yield { seq: from + index, entry: JSON.stringify(entry), from: "history" };
  }
}

/** What only the copy may have; nothing of a copy that its next load may drop. */
function tailOf({ served, entries, logCount }: CopyFacts): readonly NumberedEntry[] {
  if (!served || entries === null) return [];
  return entries.map((entry, n) => ({ seq: logCount - entries.length + 1 + n, entry, from: "cache" }));
}
