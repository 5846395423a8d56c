import { findWrite, revisionOf, type WriteId } from "@turnkeep/core";
import type { ActiveGame } from "@turnkeep/core/ports";
import { archiveRow } from "../archive/archive-sealed.js";
import type { Context } from "../context.js";
import { cacheContended, gameOrphaned, notPlayable, revisionConflict } from "../errors.js";
import { flushGame } from "../flush/flush-game.js";
import { loadGame } from "../load/load-game.js";
import type { LocalCopy } from "../process/local-copies.js";
import type { ActiveGameRecord, PersistOptions, Reducer, StoreOptions, UpdateOptions, UpdateResult } from "../types.js";
import { reportUpdate } from "../write/compare-and-set.js";
import { findPastWrite, type PastWrite, toPastRecord } from "../write/past-write.js";
import { decide, encodeNext, type NextState } from "../write/reduce.js";
import { insertGame } from "./create.js";
import { toRecord } from "./persist.js";

/*
 * Writes inside a caller's transaction. The cache must not show what may still roll back, and no write of another
 * server may be lost to the commit. So: a dirty copy is flushed first, outside; inside, the row is locked, so that
 * neither load nor flush of this game passes; the copy, clean by now, is evicted; the row gets the new state under a
 * fresh fence, in a new lineage. Whoever wants the game waits for the lock, and finds what was committed.
 */

interface Locked<State> {
  readonly row: ActiveGame;
  /** The row's state under the version that is served, which is what callers hold. */
  readonly current: LocalCopy<State>;
}

/** @throws as `update`; CacheUnavailable (`notDone`) where the copy cannot be evicted */
export async function updateInTransaction<State extends object>(
  ctx: Context<State>,
  gameId: string,
  reducer: Reducer<State>,
  options: UpdateOptions<unknown>,
): Promise<UpdateResult<State>> {
  const { expectedVersion, writeId = ctx.runtime.randomId() } = options;
  const locked = await lock(ctx, gameId, options);
  if ("finalState" in locked) {
    const { finalState: state, version } = locked;
    return { state, version, status: "ended", durability: "durable", written: false, duplicate: true };
  }
  const { row, current } = locked;
  const answer = { state: current.state, version: current.version, status: row.status, durability: "durable" } as const;
  if (findWrite(row.writeIds, writeId) !== null) return { ...answer, written: false, duplicate: true };
  const decision = decide(ctx, gameId, current, reducer, expectedVersion);
  if (decision.kind === "refuse") throw decision.error;
  if (decision.kind === "nothing") return { ...answer, written: false, duplicate: false };
  const { next } = decision;
  const written = await overwrite(ctx, { row, current }, next, writeId, options);
  const status = next.outcome === null ? "live" : "ended";
  return {
    state: next.state,
    version: written.version,
    status,
    durability: "durable",
    written: true,
    duplicate: false,
  };
}

/** @throws as `persistToDb`; CacheUnavailable (`notDone`) where the copy cannot be evicted */
export async function persistInTransaction<State extends object>(
  ctx: Context<State>,
  gameId: string,
  state: State,
  options: PersistOptions<unknown>,
): Promise<ActiveGameRecord> {
  const { writeId = ctx.runtime.randomId() } = options;
  const written = ctx.transactions.versionIn(options.transaction, gameId);
  const expected = options.version ?? written ?? ctx.localCopies.versionOf(gameId);
  if (expected === undefined) {
    const created = await insertGame(ctx, state, options);
    return created.kind === "created" ? toRecord(created.row) : findCreation(ctx, gameId, options);
  }
  const locked = await lock(ctx, gameId, options);
  if ("finalState" in locked) return toPastRecord(ctx, locked);
  if (findWrite(locked.row.writeIds, writeId) !== null) return toRecord(locked.row);
  const decision = decide(ctx, gameId, locked.current, () => state, expected);
  if (decision.kind === "refuse") throw decision.error;
  const next = decision.kind === "write" ? decision.next : encodeNext(ctx, gameId, state, []);
  return toRecord(await overwrite(ctx, locked, next, writeId, options));
}

/** The game is there already: by this very call, whose answer was lost, or by somebody else. @throws RevisionConflict */
async function findCreation<State extends object>(
  ctx: Context<State>,
  gameId: string,
  { writeId, signal, transaction }: PersistOptions<unknown>,
): Promise<ActiveGameRecord> {
  const row = await ctx.store.read(gameId, { signal, transaction });
  if (row.kind === "row") {
    if (writeId !== undefined && findWrite(row.game.writeIds, writeId) !== null) return toRecord(row.game);
    throw revisionConflict(gameId, null, row.game.version);
  }
  const past = await findPastWrite(ctx, gameId, writeId, { signal, transaction });
  if (past !== null) return toPastRecord(ctx, past);
  throw notPlayable(gameId, row.kind === "none" ? row.status : "quarantined");
}

/** The row, locked; or what became of this very write, if the game was archived since. */
async function lock<State extends object>(
  ctx: Context<State>,
  gameId: string,
  { signal, transaction, writeId }: StoreOptions<unknown> & { readonly writeId?: WriteId | undefined },
): Promise<Locked<State> | PastWrite<State>> {
  if (ctx.transactions.versionIn(transaction, gameId) === undefined) await settleOutside(ctx, gameId, signal);
  const locked = await ctx.store.lock(gameId, { signal, transaction });
  if (locked.kind !== "row") {
    const past = await findPastWrite(ctx, gameId, writeId, { signal, transaction });
    if (past !== null) return past;
    throw notPlayable(gameId, locked.kind === "none" ? locked.status : "quarantined");
  }
  const row = locked.game;
  const served = await ctx.cache.read(gameId, {}, { signal });
  if (served.kind === "unverified") throw cacheContended(gameId);
  const copy = served.kind === "hit" ? served.copy : row;
  const state = ctx.codec.decodeState(row.state);
  const status = copy.status === "ended" ? "ended" : row.status;
  // A copy that was written again since it was flushed has another state than the row, so its version is none of it.
  const version = revisionOf(copy.version) === revisionOf(row.version) ? copy.version : row.version;
  return { row, current: { state, version, status, rowVersion: row.version } };
}

/** Brings the store level with the cache, before the row is locked: a unverified copy is reconciled, a dirty one flushed. */
async function settleOutside<State extends object>(
  ctx: Context<State>,
  gameId: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const loaded = await loadGame(ctx, gameId, { signal, keep: false });
  if (loaded.kind === "none") return;
  const settled = await flushGame(ctx, gameId, signal);
  if (settled === "orphan") throw gameOrphaned(gameId);
  if (settled === "again") throw cacheContended(gameId);
}

async function overwrite<State extends object>(
  ctx: Context<State>,
  { row, current }: Locked<State>,
  next: NextState<State>,
  writeId: string,
  { signal, transaction }: StoreOptions<unknown>,
): Promise<ActiveGame> {
  const { gameId } = row;
  const evicted = await ctx.cache.evict(gameId, current.version, { signal });
  if (evicted === "newer") throw revisionConflict(gameId, current.version, null);
  ctx.localCopies.drop(gameId);
  const { text, turnNumber, dueAt, entries } = next;
  const written = await ctx.store.overwrite(
    {
      gameId,
      baseRevision: revisionOf(row.version),
      state: text,
      schemaVersion: ctx.game.schemaVersion,
      turnNumber,
      dueAt,
      writeId,
      entries,
    },
    { signal, transaction },
  );
  if (written === null) throw revisionConflict(gameId, row.version, null);
  ctx.transactions.wrote(transaction, gameId, written.version);
  ctx.store.afterCommit(transaction, async () => {
    const { version } = written;
    if (next.outcome !== null) {
      ctx.events.emit("state:ended", { gameId, version });
      return;
    }
    ctx.localCopies.put(gameId, { state: next.state, version, status: "live" }, next.bytes);
    reportUpdate(ctx, gameId, version, "durable");
  });
  if (next.outcome !== null) await archiveRow(ctx, written, next.outcome, { signal, transaction });
  return written;
}
