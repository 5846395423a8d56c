import { assertGameId } from "@turnkeep/core";
import type { IncompleteArchiveReply, IncompleteArchiveRequest, StoredReplay } from "@turnkeep/core/ports";
import type { CallOptions, Database } from "../../connection/database.js";
import type { Statement } from "../../connection/statement.js";
import { type HistoryRow, toHistoryRecord } from "../../schema/rows.js";
import { findHistoryStatement } from "../history/find-history.js";
import { claimTombstone, lockGame } from "../locked-row.js";
import { incompleteReplay, insertHistory } from "./history-row.js";

/**
 * Puts a game without an active row into history, marked incomplete; nothing comes back if history has it.
 * $1 id · $2 game type · $3 player ids · $4 NPC · $5 outcome · $6 turns · $7 replay · $8 version of the rules
 */
const archiveIncompleteStatement: Statement<HistoryRow> = {
  name: "archive-incomplete",
  writes: true,
  sql: (t) =>
    insertHistory(
      t,
      `VALUES ($1::uuid, $2::text, $3::text[], $4::text, $5::json, $6::integer, 0,
        true, $7::text::json, now(), now(), $8::integer, NULL)`,
    ),
};

/**
 * Writes history for a game without an active row. Its tombstone is made first, in the same transaction: a creation
 * of the same id then either came before, and is found, or waits and finds the tombstone.
 */
export async function archiveIncomplete(
  db: Database,
  request: IncompleteArchiveRequest,
  options?: CallOptions,
): Promise<IncompleteArchiveReply> {
  const { gameId, gameType, playerIds, npcId, outcome, turnCount, rulesVersion } = request;
  assertGameId(gameId);
  const replay = incompleteReplay(request);
  return db.transact(options, async (session) => {
    const [known] = await session.run(findHistoryStatement, [gameId]);
    if (known) return { kind: "already", record: toHistoryRecord(known) };
    const [claimed] = await session.run(claimTombstone, [gameId, "archived", gameType, turnCount]);
    if (!claimed) {
      const [row] = await session.run(lockGame, [gameId]);
      if (row?.status === "deleted") return { kind: "deleted" };
      if (row?.status !== "archived") return { kind: "active" };
    }
    const values = [gameId, gameType, playerIds, npcId, JSON.stringify(outcome), turnCount, replay, rulesVersion];
    const [record] = await session.run(archiveIncompleteStatement, values);
    if (record) return { kind: "archived", record: toHistoryRecord(record) };
    const [other] = await session.run(findHistoryStatement, [gameId]);
    if (other) return { kind: "already", record: toHistoryRecord(other) };
    throw new Error("an archived game has a history row");
  });
}

/**
 * Puts a game into history as it was in another store; nothing comes back if history has it. $1 game id · $2 game type
 * · $3 player ids · $4 NPC · $5 outcome · $6 turns · $7 seconds · $8 incomplete · $9 replay · $10, $11 played and ended, ms
 * · $12 version of the rules · $13 metadata
 */
const importHistoryStatement: Statement<HistoryRow> = {
  name: "import-history",
  writes: true,
  sql: (t) =>
    insertHistory(
      t,
      `VALUES ($1::uuid, $2::text, $3::text[], $4::text, $5::json, $6::integer, $7::bigint, $8::boolean, $9::text::json,
        to_timestamp($10::bigint / 1000.0), to_timestamp($11::bigint / 1000.0), $12::integer, $13::text)`,
    ),
};

/** Puts a game of another store into history, with its tombstone; false if its id is or was in use. */
export function importHistory(
  db: Database,
  { record, replay, metadata }: StoredReplay,
  options?: CallOptions,
): Promise<boolean> {
  const { gameId, gameType, playerIds, npcId, outcome, turnCount } = record;
  assertGameId(gameId);
  return db.transact(options, async (session) => {
    if ((await session.run(findHistoryStatement, [gameId])).length > 0) return false;
    const claimed = await session.run(claimTombstone, [gameId, "archived", gameType, turnCount]);
    if (claimed.length === 0) return false;
    const facts = [gameId, gameType, playerIds, npcId, JSON.stringify(outcome), turnCount];
    const times = [record.playedAt, record.endedAt];
    const more = [record.durationSeconds, record.incomplete, replay, ...times, record.rulesVersion, metadata];
    return (await session.run(importHistoryStatement, [...facts, ...more])).length > 0;
  });
}
