import { revisionOf, type WriteId } from "@turnkeep/core";
import { type ActiveGame, textOfState } from "@turnkeep/core/ports";
import { archiveRow } from "../archive/archive-sealed.js";
import type { Context, StoreOptions } from "../context.js";
import { revisionConflict, statusError } from "../errors.js";
import { readDocument, toLocalCopy } from "../load/decode.js";
import { lockGame } from "../load/load-game.js";
import type { LocalCopy } from "../process/local-copies.js";
import { reportUpdate } from "../write/commit.js";
import { type ArchivedWrite, findArchivedWrite, remembers } from "../write/idempotency.js";
import { decide, encodeNext, type NextState, type Reducer } from "../write/reduce.js";
import { insertGame } from "./create.js";
import { type ActiveGameRecord, type PersistOptions, toArchivedRecord, toRecord } from "./save.js";
import { toDuplicate, type UpdateOptions, type UpdateResult } from "./update.js";

/*
 * Writes inside a caller's transaction. The cache must not show what may still roll back, and no write of another
 * server may be lost to the commit. So: the row is locked, so that neither load nor flush of this game passes; the copy
 * becomes unverified, and what the store lacks of it is flushed within the transaction; the row gets the new state under
 * a fresh fence, in a new lineage. Every other call about the game waits for the lock, and finds what was committed. The
 * transaction itself waits for nothing outside, whatever it has locked before.
 */

interface Locked<State> {
  readonly row: ActiveGame;
  readonly current: LocalCopy<State>;
}

/** @throws as `update` */
export async function updateInTransaction<State extends object>(
  ctx: Context<State>,
  gameId: string,
  reducer: Reducer<State, unknown>,
  options: UpdateOptions<unknown>,
): Promise<UpdateResult<State>> {
  const { expectedVersion, writeId = ctx.runtime.randomId() } = options;
  const locked = await lock(ctx, gameId, options);
  if ("finalState" in locked) return toDuplicate(locked);
  const { row, current } = locked;
  const answer = { state: current.state, version: current.version, status: row.status, durability: "durable" } as const;
  if (remembers(row, writeId)) return { ...answer, written: false, duplicate: true };
  const decision = decide(ctx, gameId, current, reducer, { expected: expectedVersion, durable: true });
  if (decision.kind === "refuse") throw decision.error;
  if (decision.kind === "nothing") return { ...answer, written: false, duplicate: false };
  const { next } = decision;
  const written = await overwrite(ctx, row, next, writeId, options);
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

/** @throws as `persistToDb` */
export async function persistInTransaction<State extends object>(
  ctx: Context<State>,
  gameId: string,
  state: State,
  options: PersistOptions<unknown>,
): Promise<ActiveGameRecord> {
  const { writeId = ctx.runtime.randomId() } = options;
  const change = await ctx.transactions.find(gameId, options);
  const written = change === "gone" ? undefined : change;
  const expected = options.version ?? written ?? ctx.localCopies.versionOf(gameId);
  if (expected === undefined) {
    const created = await insertGame(ctx, state, options);
    return created.kind === "created" ? toRecord(created.row) : findCreation(ctx, gameId, options);
  }
  const locked = await lock(ctx, gameId, options);
  if ("finalState" in locked) return toArchivedRecord(ctx, locked);
  if (remembers(locked.row, writeId)) return toRecord(locked.row);
  const decision = decide(ctx, gameId, locked.current, () => state, { expected, durable: true });
  if (decision.kind === "refuse") throw decision.error;
  const next = decision.kind === "write" ? decision.next : encodeNext(ctx, gameId, state, { before: state });
  return toRecord(await overwrite(ctx, locked.row, next, writeId, options));
}

/** The game exists already: created by this very write, whose answer was lost, or by another. @throws RevisionConflict */
async function findCreation<State extends object>(
  ctx: Context<State>,
  gameId: string,
  { writeId, signal, transaction }: PersistOptions<unknown>,
): Promise<ActiveGameRecord> {
  const row = await ctx.store.read(gameId, { signal, transaction });
  if (row.kind === "row") {
    if (writeId !== undefined && remembers(row.game, writeId)) return toRecord(row.game);
    throw revisionConflict(gameId, null, row.game.version);
  }
  const archived = await findArchivedWrite(ctx, gameId, writeId, { signal, transaction });
  if (archived !== null) return toArchivedRecord(ctx, archived);
  throw statusError(gameId, row.kind === "none" ? row.status : "quarantined");
}

/** The row, locked; or this very write, if the game was archived with it. */
async function lock<State extends object>(
  ctx: Context<State>,
  gameId: string,
  { signal, transaction, writeId }: StoreOptions<unknown> & { readonly writeId?: WriteId | undefined },
): Promise<Locked<State> | ArchivedWrite<State>> {
  const locked = await lockGame(ctx, gameId, { signal, transaction });
  if (locked.kind !== "row") {
    const archived = await findArchivedWrite(ctx, gameId, writeId, { signal, transaction });
    if (archived !== null) return archived;
    throw statusError(gameId, locked.kind === "none" ? locked.status : "quarantined");
  }
  const row = locked.game;
  const state = readDocument(ctx, gameId, () => ctx.codec.decodeState(row.state));
  return { row, current: toLocalCopy(ctx, state, row) };
}

async function overwrite<State extends object>(
  ctx: Context<State>,
  row: ActiveGame,
  next: NextState<State>,
  writeId: string,
  { signal, transaction }: StoreOptions<unknown>,
): Promise<ActiveGame> {
  const { gameId } = row;
  const { text, turnNumber, dueAt, entries } = next;
  const written = await ctx.store.overwrite(
    {
      gameId,
      baseRevision: revisionOf(row.version),
      state: textOfState(text),
      schemaVersion: ctx.game.schemaVersion,
      turnNumber,
      dueAt,
      writeId,
      entries,
    },
    { signal, transaction },
  );
  if (written === null) throw revisionConflict(gameId, row.version, null);
  ctx.transactions.note(transaction, gameId, written.version);
  if (next.outcome !== null) {
    await archiveRow(ctx, written, next.outcome, { signal, transaction });
    return written;
  }
  ctx.store.afterCommit(transaction, async () => {
    const { state, passed, bytes } = next;
    ctx.localCopies.put(gameId, { ...toLocalCopy(ctx, state, written), passed }, bytes);
    reportUpdate(ctx, gameId, written.version, "durable");
  });
  return written;
}
