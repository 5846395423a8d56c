import type { Outcome } from "@turnkeep/core";
import type { GameHistoryRecord } from "@turnkeep/core/ports";
import { finishEnding } from "../archive/archive-sealed.js";
import { readReplayStates } from "../archive/read-replay.js";
import type { Context, StoreOptions } from "../context.js";
import { gameNotFound } from "../errors.js";

export interface GameEndResult<View> {
  readonly gameId: string;
  /** Player ids as in the state; both `null` in a draw or without a winner. */
  readonly winner: string | null;
  readonly loser: string | null;
  readonly outcome: Outcome;
  /** The final view of each player, by player id. */
  readonly finalViews: Readonly<Record<string, View>>;
  readonly durationSeconds: number;
  readonly turnCount: number;
  readonly historyId: string;
}

/**
 * Ends a game: seals it, archives it, and returns how it ended. Twice is once: a game that was sealed or archived
 * before gives the result that it has then, whatever outcome is passed.
 * @throws GameNotFound, GameGone, GameQuarantined, GameOrphaned, CacheUnavailable, StoreUnavailable
 */
export async function endGame<State extends object, View>(
  ctx: Context<State, View>,
  gameId: string,
  outcome: Outcome,
  options: StoreOptions<unknown>,
): Promise<GameEndResult<View>> {
  const ending = await finishEnding(ctx, gameId, { ...options, outcome });
  if (ending === null) throw gameNotFound(gameId);
  const { record, copy } = ending;
  if (copy !== null) return toEndResult(ctx, record, ctx.codec.decodeTrusted(copy.state));
  const replay = await readReplayStates(ctx, gameId, options);
  return toEndResult(ctx, record, replay?.finalState ?? null);
}

function toEndResult<State extends object, View>(
  ctx: Context<State, View>,
  record: GameHistoryRecord,
  finalState: State | null,
): GameEndResult<View> {
  const { gameId, winnerId, winnerIsNpc, endReason, historyId, durationSeconds, turnCount } = record;
  const players = finalState === null ? record.playerIds : ctx.game.playersOf(finalState);
  const winner = winnerIsNpc ? npcAmong(players, record.npcId) : winnerId;
  const others = players.filter((player) => player !== winner);
  const finalViews: Record<string, View> = {};
  if (finalState !== null) {
    for (const playerId of players) finalViews[playerId] = ctx.game.viewFor(finalState, { playerId });
  }
  return {
    gameId,
    winner,
    loser: winner !== null && others.length === 1 ? (others[0] ?? null) : null,
    outcome: { winnerId, winnerIsNpc, endReason },
    finalViews,
    durationSeconds,
    turnCount,
    historyId,
  };
}

/** The NPC's id as the state has it: `npc:<id>`, or the bare id. */
function npcAmong(players: readonly string[], npcId: string | null): string | null {
  const named = npcId === null ? undefined : players.find((player) => player === `npc:${npcId}` || player === npcId);
  return named ?? players.find((player) => player.startsWith("npc:")) ?? npcId;
}
