import { isTurnkeepError, type Outcome } from "@turnkeep/core";
import type { ActiveGame, ArchiveReply, GameHistoryRecord, UnflushedCopy } from "@turnkeep/core/ports";
import type { Context } from "../context.js";
import { afterWrite, cacheContended, followingWrite, gameOrphaned, notPlayable, revisionConflict } from "../errors.js";
import { settleRefused, settleUnsound } from "../flush/apply-outcome.js";
import { evict } from "../load/evict.js";
import type { StoreOptions } from "../types.js";
import { backOff } from "../util/abort.js";
import { type SealWish, sealGame } from "./seal.js";

export interface EndingWish extends StoreOptions<unknown>, Partial<Pick<SealWish, "outcome" | "onlyVersion">> {
  /** Extra fields for the replay, a JSON object as text. */
  readonly extraReplay?: string | undefined;
}

/** `copy` is what was archived by this call; `null` where history had the game already. */
export interface Ending {
  readonly record: GameHistoryRecord;
  readonly copy: UnflushedCopy | null;
}

const attempts = 10;

/**
 * Brings a game into history, however far its ending has come: seals it if an outcome is given, archives what is
 * sealed, evicts the copy. Any number of callers may do so at once; there is one history row. In a caller's
 * transaction the seal stands at once, the archive is part of it, and the eviction follows its commit.
 * `null` where the game is live and nothing was to be sealed.
 * @throws GameNotFound, GameGone, GameQuarantined, GameOrphaned; StoreUnavailable and CacheUnavailable, `unknown` once
 * this call has sealed the game: then it stays so, and this or another process finishes it later
 */
export async function finishEnding<State extends object>(
  ctx: Context<State>,
  gameId: string,
  wish: EndingWish = {},
): Promise<Ending | null> {
  const { outcome = null, transaction } = wish;
  if (outcome !== null && ctx.transactions.versionIn(transaction, gameId) !== undefined) {
    return endInTransaction(ctx, gameId, { ...wish, outcome });
  }
  let sealedHere = false;
  const onSealed = () => {
    sealedHere = true;
  };
  try {
    return await sealAndArchive(ctx, gameId, wish, onSealed);
  } catch (error) {
    throw sealedHere ? afterWrite(error) : error;
  }
}

async function sealAndArchive<State extends object>(
  ctx: Context<State>,
  gameId: string,
  wish: EndingWish,
  onSealed: () => void,
): Promise<Ending | null> {
  const { outcome = null, onlyVersion, signal, transaction } = wish;
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const sealed = await sealGame(ctx, gameId, { outcome, onlyVersion, signal, onSealed });
    if (sealed.kind === "live") return null;
    if (sealed.kind === "none") {
      const record = await ctx.store.findHistory(gameId, { signal, transaction });
      if (record === null) throw notPlayable(gameId, sealed.status);
      return { record, copy: null };
    }
    const ending = await archive(ctx, sealed.copy, wish);
    if (ending !== null) return ending;
    await backOff(attempt, signal);
  }
  throw cacheContended(gameId);
}

/** The transaction itself wrote and locks this game, so that no copy of it can be sealed: its row is archived. */
async function endInTransaction<State extends object>(
  ctx: Context<State>,
  gameId: string,
  wish: EndingWish & { readonly outcome: Outcome },
): Promise<Ending> {
  const { signal, transaction } = wish;
  const row = await ctx.store.lock(gameId, { signal, transaction });
  if (row.kind === "row") return archiveRow(ctx, row.game, wish.outcome, wish);
  const record = await ctx.store.findHistory(gameId, { signal, transaction });
  if (record === null) throw notPlayable(gameId, row.kind === "none" ? row.status : "quarantined");
  return { record, copy: null };
}

/** Archives a row as it is, with this outcome, in the transaction that has it locked and its copy evicted. */
export async function archiveRow<State extends object>(
  ctx: Context<State>,
  row: ActiveGame,
  outcome: Outcome,
  wish: EndingWish,
): Promise<Ending> {
  const copy: UnflushedCopy = {
    ...row,
    base: row.version,
    status: "ended",
    outcome: row.outcome ?? outcome,
    entries: [],
  };
  const ending = await archive(ctx, copy, wish);
  if (ending === null) throw revisionConflict(row.gameId, row.version, null);
  return ending;
}

async function archive<State extends object>(
  ctx: Context<State>,
  copy: UnflushedCopy,
  { extraReplay, signal, transaction }: EndingWish,
): Promise<Ending | null> {
  const { gameId } = copy;
  const reply = await followingWrite(async () => {
    try {
      return await ctx.store.archive({ copy, extraReplay }, { signal, transaction });
    } catch (error) {
      // What the caller brought may be what is unsound; and its transaction is its own affair.
      if (!isTurnkeepError(error, "InvalidInput") || extraReplay !== undefined || transaction !== undefined)
        throw error;
      return { kind: "refused", reason: error.details.issues[0] ?? error.message } as const;
    }
  });
  if (reply.kind === "refused") {
    const settled = await followingWrite(() => settleUnsound(ctx, copy, reply.reason));
    if (settled !== "again" && settled !== "orphan") throw notPlayable(gameId, settled);
    return null;
  }
  if ("record" in reply) {
    const finish = () => afterArchive(ctx, reply.record, reply.kind === "archived");
    if (transaction === undefined) await finish();
    else ctx.store.afterCommit(transaction, finish);
    return { record: reply.record, copy: reply.kind === "archived" ? copy : null };
  }
  if (transaction !== undefined && reply.kind !== "fence") throw refusedInTransaction(reply, copy);
  const settled = await followingWrite(() => settleRefused(ctx, copy, reply));
  if (settled === "orphan") throw gameOrphaned(gameId);
  if (settled === "deleted" || settled === "quarantined") throw notPlayable(gameId, settled);
  return null;
}

/**
 * In a caller's transaction the refusal leaves as it is: the transaction may have made the row what it is and still
 * roll back, and it holds the row's lock, so that a load outside it would wait for its end. A flush settles the copy.
 */
function refusedInTransaction(
  reply: Exclude<ArchiveReply, { kind: "archived" | "already" | "fence" }>,
  { gameId, version }: UnflushedCopy,
): Error {
  if (reply.kind === "fork") return revisionConflict(gameId, version, reply.rowVersion);
  if (reply.kind === "orphan") return gameOrphaned(gameId);
  return notPlayable(gameId, reply.kind === "gone" ? reply.status : "quarantined");
}

async function afterArchive<State extends object>(
  ctx: Context<State>,
  { gameId, historyId, turnCount, durationSeconds }: GameHistoryRecord,
  now: boolean,
): Promise<void> {
  await evict(ctx, gameId);
  if (!now) return;
  ctx.events.emit("state:archived", { gameId, historyId });
  ctx.log.info({ gameId, turns: turnCount, durationSeconds }, "archived");
}
