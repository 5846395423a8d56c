import {
  compareDecimals,
  compareVersions,
  type Fence,
  isTurnkeepError,
  lineageOf,
  type Version,
} from "@turnkeep/game-state/core";
import type { FlushOutcome, GameCopy } from "@turnkeep/game-state/ports";
import { bury, reportOrphan } from "./bury.js";
import type { Base } from "./context.js";

/**
 * What the store's answer to one flushed copy comes to.
 * `stored`: the store has the copy. `again`: the copy has changed its fence or lineage, so claim and flush again.
 * The others say where the game is instead.
 */
export type Settled = "stored" | "again" | "archived" | "deleted" | "quarantined" | "orphan";

/** Draws the consequence of a flush in the cache: acknowledges, adopts, resets or buries the copy. */
export async function settle(base: Base, copy: GameCopy, outcome: FlushOutcome): Promise<Settled> {
  switch (outcome.kind) {
    case "written":
      await acknowledge(base, copy);
      return "stored";
    case "contained":
      if (holds(outcome.rowVersion, copy.version)) await acknowledge(base, copy);
      return "stored";
    default:
      return settleRefused(base, copy, outcome);
  }
}

/**
 * Whether a row of this version has all of the copy. A row that merely remembers a write id may not: it is behind the
 * copy in the same lineage, so that the copy stays dirty; or of another one, so that a later flush resets the fork.
 */
function holds(row: Version, copy: Version): boolean {
  return lineageOf(row) === lineageOf(copy) && compareVersions(row, copy) >= 0;
}

/** The same for the outcomes that leave the store's row as it was; archives have them too. */
export async function settleRefused(
  base: Base,
  copy: GameCopy,
  outcome: Exclude<FlushOutcome, { kind: "written" | "contained" }>,
): Promise<Exclude<Settled, "stored">> {
  const { gameId } = copy;
  switch (outcome.kind) {
    case "fence":
      await base.cache.adopt(gameId, lineageOf(copy.version), await fenceAbove(base, copy, outcome.fence));
      return "again";
    case "fork":
      base.events.emit("flush:fork", { gameId });
      return resetFork(base, copy);
    case "gone":
      await bury(base, gameId);
      return outcome.status;
    case "quarantined":
      await bury(base, gameId);
      return "quarantined";
    case "orphan":
      reportOrphan(base, gameId);
      return "orphan";
  }
}

/**
 * The fence that the copy is to adopt. The row's fence never decreases, so one below the copy's shows that the store
 * came back without what it had committed: that is told, and a fresh one drawn, or the game would never be flushed.
 */
async function fenceAbove(base: Base, { gameId, fence }: GameCopy, rowFence: Fence): Promise<Fence> {
  if (compareDecimals(rowFence, fence) > 0) return rowFence;
  base.log.error(
    { gameId, fence, rowFence },
    "the store has lost what it had committed: its fence is behind the copy's",
  );
  const loaded = await base.store.load(gameId);
  return loaded.kind === "row" ? loaded.game.fence : rowFence;
}

/** The store has the copy already, so a cache that fails now only means that the same version is flushed again. */
async function acknowledge(base: Base, copy: GameCopy): Promise<void> {
  try {
    const reply = await base.cache.ack(copy.gameId, copy.version, copy.logCount);
    if (reply === "ok") base.unflushed.delete(copy.gameId);
  } catch (error) {
    if (!isTurnkeepError(error)) throw error;
    base.log.debug({ gameId: copy.gameId, err: error }, "a flushed game could not be acknowledged");
  }
}

/** The store has a newer lineage, which wins: the copy is replaced by the row. */
async function resetFork(base: Base, copy: GameCopy): Promise<Exclude<Settled, "stored">> {
  const { gameId } = copy;
  base.hot.drop(gameId);
  const loaded = await base.store.load(gameId);
  if (loaded.kind === "row") {
    await base.cache.reset(gameId, lineageOf(copy.version), loaded.game);
    base.log.warn({ gameId, version: copy.version }, "a forked copy was replaced by the store's newer lineage");
    return "again";
  }
  if (loaded.kind === "none" && loaded.status === "missing") {
    reportOrphan(base, gameId);
    return "orphan";
  }
  await bury(base, gameId);
  return loaded.kind === "quarantined" ? "quarantined" : loaded.status === "deleted" ? "deleted" : "archived";
}
