import { randomUUID } from "node:crypto";
import { findWrite } from "@turnkeep/game-state/core";
import type { ActiveGame } from "@turnkeep/game-state/ports";
import { followingWrite, notPlayable, revisionConflict } from "../calls/failures.js";
import type { Context } from "../context.js";
import { loadGame } from "../loading/load-game.js";
import type { ActiveGameRecord, PersistOptions } from "../types.js";
import { makeDurable } from "../writing/make-durable.js";
import { encodeNext } from "../writing/reduce.js";
import { saveState } from "../writing/save-state.js";
import { reportUpdate } from "../writing/write-next.js";
import { insertGame } from "./create-game.js";
import { finishSealed } from "./update.js";

/**
 * Creates the game, or saves the whole state durably over the version it was made from; the cache follows in both
 * cases. An update leaves type, players, NPC, rules and start as they are. Without `version` it goes over the version
 * that this process last read or wrote.
 * @throws RevisionConflict over any other version, and for a game that exists and of which no version is held
 */
export async function persistToDb<State extends object>(
  ctx: Context<State>,
  gameId: string,
  state: State,
  options: PersistOptions<unknown>,
): Promise<ActiveGameRecord> {
  const expected = options.version ?? ctx.hot.versionOf(gameId);
  if (expected === undefined) {
    const created = await insertGame(ctx, state, options);
    if (created !== null) return toRecord(created.row);
    return findCreation(ctx, gameId, options);
  }
  const { signal, writeId = randomUUID() } = options;
  const next = encodeNext(ctx, gameId, state, []);
  const version = await saveState(ctx, gameId, { next, expected, writeId, signal });
  await makeDurable(ctx, gameId, { version, writeId }, { signal });
  const record = await followingWrite(() => readRecord(ctx, gameId, signal));
  if (next.outcome !== null) await finishSealed(ctx, gameId, version, signal);
  else reportUpdate(ctx, gameId, version, "durable");
  return record;
}

/** The game is there already: by this very call, whose answer was lost, or by somebody else. @throws RevisionConflict */
export async function findCreation<State extends object>(
  ctx: Context<State>,
  gameId: string,
  { writeId, signal, transaction }: PersistOptions<unknown>,
): Promise<ActiveGameRecord> {
  const row = await ctx.store.read(gameId, { signal, transaction });
  if (row.kind === "row" && writeId !== undefined && findWrite(row.game.writeIds, writeId) !== null) {
    return toRecord(row.game);
  }
  // The row may be locked by the caller's own transaction, so a load could wait for it forever.
  if (transaction !== undefined) throw revisionConflict(gameId, null, row.kind === "row" ? row.game.version : null);
  const loaded = await loadGame(ctx, gameId, { signal, keep: false });
  if (loaded.kind === "none") throw notPlayable(gameId, loaded.status);
  throw revisionConflict(gameId, null, loaded.game.version);
}

async function readRecord<State extends object>(
  ctx: Context<State>,
  gameId: string,
  signal: AbortSignal | undefined,
): Promise<ActiveGameRecord> {
  const row = await ctx.store.read(gameId, { signal });
  if (row.kind === "row") return toRecord(row.game);
  throw notPlayable(gameId, row.kind === "none" ? row.status : "quarantined");
}

/** A row without its state, its rules and its write ids. */
export function toRecord(row: ActiveGame): ActiveGameRecord {
  const { state: _state, rules: _rules, writeIds: _writeIds, ...record } = row;
  return record;
}
