import type { Version, WriteId } from "@turnkeep/core";
import { lineageOf } from "@turnkeep/core";
import { readReplayStates } from "../archive/read-replay.js";
import type { Context } from "../context.js";
import type { ActiveGameRecord, LoadedGame, ReplayStates, StoreOptions } from "../types.js";

/** A write that went into a game which was archived since: how the game ended, and the version that the write made. */
export interface PastWrite<State> {
  readonly version: Version;
  readonly finalState: State;
  readonly replay: ReplayStates<State>;
}

/**
 * Finds a write that is sent again after its game was archived. `null` where the game has no such write, and once its
 * tombstone is purged or has forgotten it: then nobody can tell the retry from a late write of somebody else.
 */
export async function findPastWrite<State extends object>(
  ctx: Context<State>,
  gameId: string,
  writeId: WriteId | undefined,
  { signal, transaction }: StoreOptions<unknown>,
): Promise<PastWrite<State> | null> {
  if (writeId === undefined) return null;
  const version = await ctx.store.findWrite(gameId, writeId, { signal, transaction });
  if (version === null) return null;
  const replay = await readReplayStates(ctx, gameId, { signal, transaction });
  if (replay === null || replay.finalState === null) return null;
  return { version, finalState: replay.finalState, replay };
}

/** As a creation is answered: the game as it ended. */
export function toPastGame<State>({ finalState, version }: PastWrite<State>): LoadedGame<State> {
  return { state: finalState, version, status: "ended", stale: false };
}

/** The record that the game's row had, as history tells it: ended, under the version that the write made. */
export function toPastRecord<State extends object>(
  ctx: Context<State>,
  { version, replay: { record, log } }: PastWrite<State>,
): ActiveGameRecord {
  const { gameId, gameType, playerIds, npcId, turnCount, winnerId, winnerIsNpc, endReason, playedAt, endedAt } = record;
  return {
    gameId,
    gameType,
    playerIds,
    npcId,
    status: "ended",
    version,
    fence: lineageOf(version),
    schemaVersion: ctx.game.schemaVersion,
    turnNumber: turnCount,
    dueAt: null,
    logCount: log.length,
    outcome: { winnerId, winnerIsNpc, endReason },
    startedAt: playedAt,
    lastActionAt: endedAt,
  };
}
