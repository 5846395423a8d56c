import { lineageOf, type Version, type WriteId } from "@turnkeep/core";
import type { ActiveGame, ActiveGameSummary } from "@turnkeep/core/ports";
import type { CallOptions, Context, StoreOptions } from "../context.js";
import { followingWrite, statusError } from "../errors.js";
import { commit, requiresDurable } from "../write/commit.js";
import { saveState } from "../write/compare-and-set.js";
import { type ArchivedWrite, findArchivedWrite } from "../write/idempotency.js";
import { makeDurable } from "../write/make-durable.js";
import { encodeNext } from "../write/reduce.js";
import { type CreateFacts, insertGame } from "./create.js";

export interface SaveToCacheOptions extends CallOptions {
  /** The version that the state was made from; default: the one that this process last read or wrote. */
  readonly version?: Version | undefined;
  /** Names this write for retries; default a random one. */
  readonly writeId?: WriteId | undefined;
}

/**
 * Saves a whole state in the cache; the flusher brings it to the store. Without `version` it goes over the version
 * that this process last read or wrote. A state that is over seals and archives the game.
 * @throws GameNotFound if neither side has the game; RevisionConflict over any other version
 */
export async function saveToCache<State extends object>(
  ctx: Context<State>,
  gameId: string,
  state: State,
  options: SaveToCacheOptions,
): Promise<Version> {
  const { signal, writeId = ctx.runtime.randomId() } = options;
  const next = encodeNext(ctx, gameId, state, { before: state, durable: requiresDurable(ctx, undefined) });
  const expected = options.version ?? ctx.localCopies.versionOf(gameId);
  const write = await saveState(ctx, gameId, { next, expected, writeId, signal });
  await commit(ctx, gameId, write, { ended: next.outcome !== null, signal });
  return write.version;
}

export interface PersistOptions<Tx> extends StoreOptions<Tx>, Partial<CreateFacts> {
  /** The version that the state was made from; default: the one that this process last read or wrote. */
  readonly version?: Version | undefined;
  /** Names this write for retries; default a random one. */
  readonly writeId?: WriteId | undefined;
}

/** The store's record of a live or ended game, without its state. */
export type ActiveGameRecord = ActiveGameSummary;

/**
 * Creates the game, or saves the whole state durably over the version it was made from; the cache follows in both
 * cases. An update leaves type, players, NPC, rules and start as they are. Without `version` it goes over the version
 * that this process last read or wrote. A retry with the same write id, from any process, gives the record that the
 * write made; once the game is archived, as history has it.
 * @throws RevisionConflict over any other version, and for a game that exists and of which no version is known here
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
  const next = encodeNext(ctx, gameId, state, { before: state, durable: true });
  // A game that exists, and of which no version is known here: this finds that this very write made it, or conflicts.
  const write = await saveState(ctx, gameId, { next, expected, writeId, signal });
  const ended = next.outcome !== null;
  // The row learns of the end first, so that any process finds it there if the archive fails.
  if (ended) await makeDurable(ctx, gameId, write, { signal });
  await commit(ctx, gameId, write, { durability: "durable", ended, signal });
  return followingWrite(() => readRecord(ctx, gameId, { signal, writeId }));
}

async function readRecord<State extends object>(
  ctx: Context<State>,
  gameId: string,
  { signal, writeId }: { readonly signal: AbortSignal | undefined; readonly writeId: WriteId },
): Promise<ActiveGameRecord> {
  const row = await ctx.store.read(gameId, { signal });
  if (row.kind === "row") return toRecord(row.game);
  const archived = await findArchivedWrite(ctx, gameId, writeId, { signal });
  if (archived !== null) return toArchivedRecord(ctx, archived);
  throw statusError(gameId, row.kind === "none" ? row.status : "quarantined");
}

/** A row without its state, its rules, its metadata and its write ids. */
export function toRecord(row: ActiveGame): ActiveGameRecord {
  const { state: _state, rules: _rules, writeIds: _writeIds, metadata: _m, metadataVersion: _v, ...record } = row;
  return record;
}

/** The record that the game's row had, as history has it: ended, under the version that the write made. */
export function toArchivedRecord<State extends object>(
  ctx: Context<State>,
  { version, replay: { record, log } }: ArchivedWrite<State>,
): ActiveGameRecord {
  const { gameId, gameType, playerIds, npcId, rulesVersion, turnCount, outcome, playedAt, endedAt } = record;
  return {
    gameId,
    gameType,
    playerIds,
    npcId,
    rulesVersion,
    status: "ended",
    version,
    fence: lineageOf(version),
    schemaVersion: ctx.game.schemaVersion,
    turnNumber: turnCount,
    dueAt: null,
    logCount: log.length,
    outcome,
    startedAt: playedAt,
    lastActionAt: endedAt,
  };
}
