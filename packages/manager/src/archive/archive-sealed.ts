import { isTurnkeepError, type Outcome } from "@turnkeep/core";
import type { ActiveGame, GameHistoryRecord, UnflushedCopy } from "@turnkeep/core/ports";
import type { Context, StoreOptions } from "../context.js";
import { afterWrite, followingWrite, gameOrphaned, revisionConflict, statusError } from "../errors.js";
import { applyUnwritten, quarantineRefused } from "../flush/apply-outcome.js";
import { evict } from "../flush/evict.js";
import { assertRules, readDocument } from "../load/decode.js";
import { lockGame } from "../load/load-game.js";
import { retryUntil } from "../util/retry.js";
import { checkOutcome } from "../validate.js";
import { type SealOptions, sealGame } from "./seal.js";

export interface EndingOptions extends StoreOptions<unknown>, Partial<Pick<SealOptions, "outcome" | "onlyVersion">> {
  /** The game as the caller's write has just sealed it. */
  readonly sealed?: UnflushedCopy | undefined;
  /** Extra fields for the replay, a JSON object as text. */
  readonly extraReplay?: string | undefined;
}

/** `copy` is what was archived by this call; `null` if history had the game already. */
export interface Ending {
  readonly record: GameHistoryRecord;
  readonly copy: UnflushedCopy | null;
}

/**
 * Brings a game into history, however far its ending has come: seals it if an outcome is given, archives what is
 * sealed, evicts the copy. Any number of callers may do so at once; there is one history row. In a caller's
 * transaction nothing is sealed: its row is archived there, the eviction follows the commit, and a rollback leaves the
 * game as it was.
 * `null` if the game is live and no outcome was given.
 * @throws GameNotFound, GameGone, GameQuarantined, GameOrphaned; StoreUnavailable and CacheUnavailable, `unknown` once
 * this call has sealed the game: then it stays so, and this or another process finishes it later
 */
export async function finishEnding<State extends object>(
  ctx: Context<State>,
  gameId: string,
  options: EndingOptions = {},
): Promise<Ending | null> {
  const { outcome = null, transaction } = options;
  if (outcome !== null && transaction !== undefined) return endInTransaction(ctx, gameId, { ...options, outcome });
  let sealedHere = false;
  const onSealed = () => {
    sealedHere = true;
  };
  try {
    return await sealAndArchive(ctx, gameId, options, onSealed);
  } catch (error) {
    throw sealedHere ? afterWrite(error) : error;
  }
}

async function sealAndArchive<State extends object>(
  ctx: Context<State>,
  gameId: string,
  options: EndingOptions,
  onSealed: () => void,
): Promise<Ending | null> {
  const { outcome = null, onlyVersion, signal } = options;
  let inHand = options.sealed;
  return retryUntil({ runtime: ctx.runtime, gameId, signal }, async () => {
    const copy = inHand;
    inHand = undefined;
    if (copy !== undefined) return archive(ctx, copy, options);
    const sealed = await sealGame(ctx, gameId, { outcome, onlyVersion, signal, onSealed });
    if (sealed.kind === "live") return null;
    if (sealed.kind === "sealed") return archive(ctx, sealed.copy, options);
    const record = await ctx.store.findHistory(gameId, { signal });
    if (record === null) throw statusError(gameId, sealed.status);
    return { record, copy: null };
  });
}

/** The row is archived with all that the cache has of the game; others find it as it was until the commit. */
async function endInTransaction<State extends object>(
  ctx: Context<State>,
  gameId: string,
  options: EndingOptions & { readonly outcome: Outcome },
): Promise<Ending> {
  const { signal, transaction } = options;
  const row = await lockGame(ctx, gameId, options);
  if (row.kind === "row") {
    assertRules(ctx, gameId, row.game.rulesVersion);
    checkOutcome(
      ctx,
      options.outcome,
      readDocument(ctx, gameId, () => ctx.codec.decodeTrusted(row.game.state)),
    );
    return archiveRow(ctx, row.game, options.outcome, options);
  }
  const record = await ctx.store.findHistory(gameId, { signal, transaction });
  if (record === null) throw statusError(gameId, row.kind === "none" ? row.status : "quarantined");
  return { record, copy: null };
}

/** Archives a row as it is, with this outcome, in the transaction that has it locked and its copy evicted. */
export async function archiveRow<State extends object>(
  ctx: Context<State>,
  row: ActiveGame,
  outcome: Outcome,
  options: EndingOptions,
): Promise<Ending> {
  const copy: UnflushedCopy = {
    ...row,
    base: row.version,
    status: "ended",
    outcome: row.outcome ?? outcome,
    entries: [],
  };
  const ending = await archive(ctx, copy, options);
  if (ending === "again") throw revisionConflict(row.gameId, row.version, null);
  return ending;
}

async function archive<State extends object>(
  ctx: Context<State>,
  copy: UnflushedCopy,
  { extraReplay, signal, transaction }: EndingOptions,
): Promise<Ending | "again"> {
  const { gameId } = copy;
  const reply = await followingWrite(async () => {
    try {
      return await ctx.store.archive({ copy, extraReplay }, { signal, transaction });
    } catch (error) {
      // The refused value may be the caller's own, and in the caller's transaction nothing else may be tried.
      if (!isTurnkeepError(error, "InvalidInput") || extraReplay !== undefined || transaction !== undefined)
        throw error;
      return { kind: "refused", reason: error.details.issues[0] ?? error.message } as const;
    }
  });
  if (reply.kind === "refused") {
    const applied = await followingWrite(() => quarantineRefused(ctx, copy, reply.reason));
    if (applied !== "again" && applied !== "orphan") throw statusError(gameId, applied);
    return "again";
  }
  if ("record" in reply) {
    const finish = () => afterArchive(ctx, reply.record, reply.kind === "archived");
    if (transaction === undefined) await finish();
    else {
      ctx.transactions.note(transaction, gameId, "gone");
      ctx.store.afterCommit(transaction, async () => {
        ctx.events.emit("state:ended", { gameId, version: copy.version });
        await finish();
      });
    }
    return { record: reply.record, copy: reply.kind === "archived" ? copy : null };
  }
  if (transaction !== undefined) throw revisionConflict(gameId, copy.version, null);
  const applied = await followingWrite(() => applyUnwritten(ctx, copy, reply));
  if (applied === "orphan") throw gameOrphaned(gameId);
  if (applied === "deleted" || applied === "quarantined") throw statusError(gameId, applied);
  return "again";
}

async function afterArchive<State extends object>(
  ctx: Context<State>,
  { gameId, turnCount, durationSeconds }: GameHistoryRecord,
  now: boolean,
): Promise<void> {
  await evict(ctx, gameId);
  if (!now) return;
  ctx.events.emit("state:archived", { gameId });
  ctx.log.info({ gameId, turns: turnCount, durationSeconds }, "archived");
}
