import {
  type GameType,
  gameTypeSchemaOf,
  isNpc,
  isTurnkeepError,
  type JsonValue,
  type Outcome,
  type PlayerId,
} from "@turnkeep/core";
import type { GameHistoryRecord, IncompleteArchiveRequest } from "@turnkeep/core/ports";
import { finishEnding } from "../archive/archive-sealed.js";
import type { Context, StoreOptions } from "../context.js";
import { followingWrite, gameGone, gameNotFound } from "../errors.js";
import { parseReplay, readDocument, readReplayStates } from "../load/decode.js";
import { retryUntil } from "../util/retry.js";
import { factsOf } from "./create.js";

export interface GameEndResult<View> {
  readonly gameId: string;
  /** Player ids as in the state, NPCs among them; both empty if nobody won. */
  readonly winners: readonly PlayerId[];
  readonly losers: readonly PlayerId[];
  readonly outcome: Outcome;
  /** The final view of each player, by player id. */
  readonly finalViews: Readonly<Record<string, View>>;
  readonly durationSeconds: number;
  readonly turnCount: number;
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
  if (copy !== null) {
    const finalState = readDocument(ctx, gameId, () => ctx.codec.decodeTrusted(copy.state));
    return toEndResult(ctx, record, finalState);
  }
  const replay = await readReplayStates(ctx, gameId, options);
  return toEndResult(ctx, record, replay?.finalState ?? null);
}

function toEndResult<State extends object, View>(
  ctx: Context<State, View>,
  record: GameHistoryRecord,
  finalState: State | null,
): GameEndResult<View> {
  const { gameId, npcId, outcome, durationSeconds, turnCount } = record;
  const players = finalState === null ? record.playerIds : ctx.game.playersOf(finalState);
  const { winnerIds, winnerIsNpc } = outcome;
  const winners = winnerIsNpc ? players.filter((id) => isNpc(id) || id === npcId) : winnerIds;
  const losers = winnerIsNpc || winners.length > 0 ? players.filter((id) => !winners.includes(id)) : [];
  const finalViews: Record<string, View> = {};
  if (finalState !== null) {
    for (const playerId of players) finalViews[playerId] = ctx.game.viewFor(finalState, { playerId });
  }
  return {
    gameId,
    winners,
    losers,
    outcome,
    finalViews,
    durationSeconds,
    turnCount,
  };
}

export interface ArchiveOptions<State, Tx> extends StoreOptions<Tx> {
  /** Used if no active row exists. */
  readonly state?: State | undefined;
  readonly outcome: Outcome;
  /** Extra fields for the replay; may not be named initialState, log, rules or finalState. */
  readonly replayData?: Readonly<Record<string, JsonValue>> | undefined;
}

export interface ArchiveResult {
  readonly success: boolean;
  readonly gameId: string;
  readonly durationSeconds: number;
  readonly turnCount: number;
  readonly gameType: GameType;
  /** False if history lacks the given `replayData`: another call, or a sweep, archived the game without it. */
  readonly replayDataKept: boolean;
}

/**
 * Writes a game's history row. An active game is sealed with the given outcome (or keeps the one it was sealed with)
 * and archived whole; one that is in history already gives the row that is there, which never changes
 * any more: `replayDataKept` says whether it has the given `replayData`. If there is no active row and no history, a row is written from the given state, marked incomplete, with a warning.
 * @throws GameGone for deleted games, GameQuarantined, GameOrphaned, CacheUnavailable, StoreUnavailable
 */
export async function archiveToHistory<State extends object>(
  ctx: Context<State>,
  gameId: string,
  options: ArchiveOptions<State, unknown>,
): Promise<ArchiveResult> {
  const { outcome, replayData, signal, transaction } = options;
  const extraReplay = replayData === undefined ? undefined : ctx.codec.encodeEntry(replayData);
  return retryUntil({ runtime: ctx.runtime, gameId, signal }, async () => {
    try {
      const ending = await finishEnding(ctx, gameId, { outcome, extraReplay, signal, transaction });
      if (ending !== null) return toArchiveResult(ctx, ending.record, ending.copy !== null, extraReplay, options);
    } catch (error) {
      if (!isTurnkeepError(error, "GameNotFound")) throw error;
    }
    const reply = await ctx.store.archiveIncomplete(incomplete(ctx, gameId, outcome, extraReplay, options.state), {
      signal,
      transaction,
    });
    if (reply.kind === "deleted") throw gameGone(gameId);
    if (!("record" in reply)) return "again";
    if (reply.kind === "archived") {
      const report = async () => {
        ctx.log.warn({ gameId }, "archived without an active row: the history is incomplete");
        ctx.events.emit("state:archived", { gameId });
      };
      if (transaction === undefined) await report();
      else ctx.store.afterCommit(transaction, report);
    }
    return toArchiveResult(ctx, reply.record, reply.kind === "archived", extraReplay, options);
  });
}

async function toArchiveResult<State extends object>(
  ctx: Context<State>,
  { gameId, durationSeconds, turnCount, gameType }: GameHistoryRecord,
  archivedHere: boolean,
  extraReplay: string | undefined,
  options: StoreOptions<unknown>,
): Promise<ArchiveResult> {
  const replayDataKept =
    archivedHere || extraReplay === undefined || (await followingWrite(() => holds(ctx, gameId, extraReplay, options)));
  if (!replayDataKept) ctx.log.warn({ gameId }, "history had the game already, without the given replay data");
  return { success: true, gameId, durationSeconds, turnCount, gameType, replayDataKept };
}

/** Whether history has these fields in the game's replay: a call whose reply was lost has put them there itself. */
async function holds<State extends object>(
  ctx: Context<State>,
  gameId: string,
  extraReplay: string,
  { signal, transaction }: StoreOptions<unknown>,
): Promise<boolean> {
  const stored = await ctx.store.readReplay(gameId, { signal, transaction });
  const replay = stored === null ? {} : parseReplay(stored.replay);
  return Object.entries(parseReplay(extraReplay)).every(
    ([name, value]) => Object.hasOwn(replay, name) && JSON.stringify(replay[name]) === JSON.stringify(value),
  );
}

/** What is known of a game without its row: from the state, if one is given. */
function incomplete<State extends object>(
  ctx: Context<State>,
  gameId: string,
  outcome: Outcome,
  extraReplay: string | undefined,
  state: State | undefined,
): IncompleteArchiveRequest {
  const base = { gameId, outcome, extraReplay, rulesVersion: ctx.game.rulesVersion };
  const [unknownType = "unknown"] = ctx.game.gameTypes ?? [];
  if (state === undefined) {
    return { ...base, gameType: unknownType, playerIds: [], npcId: null, rules: "{}", state: null, turnCount: 0 };
  }
  const type = gameTypeSchemaOf(ctx.game).safeParse("gameType" in state ? state.gameType : undefined);
  return {
    ...base,
    ...factsOf(ctx, state, { gameType: type.success ? type.data : unknownType }),
    state: ctx.codec.encodeState(state, state).text,
    turnCount: ctx.game.turnOf(state),
  };
}
