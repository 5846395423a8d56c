import type { WriteId } from "@turnkeep/core";
import type { ActiveGame } from "@turnkeep/core/ports";
import type { Context } from "../context.js";
import { followingWrite, notPlayable } from "../errors.js";
import type { ActiveGameRecord, PersistOptions } from "../types.js";
import { reportUpdate } from "../write/compare-and-set.js";
import { makeDurable } from "../write/make-durable.js";
import { findPastWrite, toPastRecord } from "../write/past-write.js";
import { encodeNext } from "../write/reduce.js";
import { saveState } from "../write/save-state.js";
import { insertGame } from "./create.js";
import { finishSealed } from "./update.js";

/**
 * Creates the game, or saves the whole state durably over the version it was made from; the cache follows in both
 * cases. An update leaves type, players, NPC, rules and start as they are. Without `version` it goes over the version
 * that this process last read or wrote. Sent again with its write id, wherever, it gives the record that it made: of a
 * game that was archived since, as history tells it.
 * @throws RevisionConflict over any other version, and for a game that exists and of which no version is held
 */
export async function persistToDb<State extends object>(
  ctx: Context<State>,
  gameId: string,
  state: State,
  options: PersistOptions<unknown>,
): Promise<ActiveGameRecord> {
  const expected = options.version ?? ctx.localCopies.versionOf(gameId);
  if (expected === undefined) {
    const created = await insertGame(ctx, state, options);
    if (created.kind === "created") return toRecord(created.row);
  }
  const { signal, writeId = ctx.runtime.randomId() } = options;
  const next = encodeNext(ctx, gameId, state, []);
  // Where a game that nothing is held of was there before, this finds that its own call made it, or conflicts.
  const version = await saveState(ctx, gameId, { next, expected, writeId, signal });
  await makeDurable(ctx, gameId, { version, writeId }, { signal });
  const record = await followingWrite(() => readRecord(ctx, gameId, { signal, writeId }));
  if (next.outcome !== null) await finishSealed(ctx, gameId, version, signal);
  else reportUpdate(ctx, gameId, version, "durable");
  return record;
}

async function readRecord<State extends object>(
  ctx: Context<State>,
  gameId: string,
  { signal, writeId }: { readonly signal: AbortSignal | undefined; readonly writeId: WriteId },
): Promise<ActiveGameRecord> {
  const row = await ctx.store.read(gameId, { signal });
  if (row.kind === "row") return toRecord(row.game);
  const past = await findPastWrite(ctx, gameId, writeId, { signal });
  if (past !== null) return toPastRecord(ctx, past);
  throw notPlayable(gameId, row.kind === "none" ? row.status : "quarantined");
}

/** A row without its state, its rules and its write ids. */
export function toRecord(row: ActiveGame): ActiveGameRecord {
  const { state: _state, rules: _rules, writeIds: _writeIds, ...record } = row;
  return record;
}
