import { type Outcome, TurnkeepError, toVersion } from "@turnkeep/core";
import type {
  ArchiveReply,
  ArchiveRequest,
  GameFacts,
  GameHistoryRecord,
  IncompleteArchiveReply,
  IncompleteArchiveRequest,
} from "@turnkeep/core/ports";
import { standingOf, withoutActiveRow, writtenOver } from "./flush-rows.js";
import { checkExtraReplay, composeReplay } from "./replay.js";
import type { StoreSpace } from "./store-space.js";
import { isActive, tombstoneOf } from "./stored-row.js";
import type { MemoryTransaction } from "./transaction.js";

/** ARCHIVE of a sealed copy whose row is locked: goes on only where the copy has all of the row and its fence. */
export function archiveRow(space: StoreSpace, request: ArchiveRequest, transaction: MemoryTransaction): ArchiveReply {
  const { copy, extraReplay } = request;
  const { gameId, outcome } = copy;
  checkExtraReplay(extraReplay);
  if (copy.status !== "ended" || outcome === null) {
    throw new TurnkeepError("InvalidInput", "only a sealed copy can be archived", { issues: ["copy"] });
  }
  const before = space.history.get(gameId, transaction);
  if (before !== undefined) return { kind: "already", record: before.record };
  const row = space.rows.get(gameId, transaction);
  if (!isActive(row)) return withoutActiveRow(gameId, row, undefined);
  const standing = standingOf(row, copy);
  if (standing !== null) return standing;

  const now = space.now();
  const written = writtenOver(row, copy, now);
  const { game, log, initialState } = written;
  const record = recordOf(space.newId(), game, outcome, {
    turnCount: copy.turnNumber,
    playedAt: game.startedAt,
    endedAt: now,
  });
  const parts = { initialState, log: log.map(({ entry }) => entry), rules: game.rules, finalState: game.state };
  space.history.set(gameId, { record, replay: composeReplay(parts, extraReplay) }, transaction);
  space.rows.set(gameId, tombstoneOf(written, "archived", now), transaction);
  return { kind: "archived", record };
}

/** History without an active row: what is known of the game, marked incomplete; and a tombstone against its creation. */
export function archiveWithoutRow(
  space: StoreSpace,
  request: IncompleteArchiveRequest,
  transaction: MemoryTransaction,
): IncompleteArchiveReply {
  const { gameId, state, rules, extraReplay } = request;
  checkExtraReplay(extraReplay);
  const before = space.history.get(gameId, transaction);
  if (before !== undefined) return { kind: "already", record: before.record };
  const row = space.rows.get(gameId, transaction);
  if (row?.status === "deleted") return { kind: "deleted" };
  if (row !== undefined && row.status !== "archived") return { kind: "active" };
  const now = space.now();
  const times = { turnCount: request.turnCount, playedAt: now, endedAt: now };
  const record = { ...recordOf(space.newId(), request, request.outcome, times), incomplete: true };
  const replay = composeReplay({ initialState: null, log: [], rules, finalState: state }, extraReplay);
  space.history.set(gameId, { record, replay }, transaction);
  if (row === undefined) {
    const version = toVersion(space.drawFence(), "1");
    space.rows.set(gameId, { status: "archived", since: now, version, writeIds: "" }, transaction);
  }
  return { kind: "archived", record };
}

function recordOf(
  historyId: string,
  game: GameFacts & { readonly gameId: string },
  outcome: Outcome,
  facts: Pick<GameHistoryRecord, "turnCount" | "playedAt" | "endedAt">,
): GameHistoryRecord {
  const { gameId, gameType, playerIds, npcId } = game;
  const durationSeconds = Math.max(0, Math.floor((facts.endedAt - facts.playedAt) / 1_000));
  return { historyId, gameId, gameType, playerIds, npcId, ...outcome, ...facts, durationSeconds, incomplete: false };
}
