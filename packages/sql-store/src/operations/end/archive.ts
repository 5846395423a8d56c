import { assertGameId, lineageOf, revisionOf } from "@turnkeep/core";
import type { ArchiveReply, ArchiveRequest, UnflushedCopy } from "@turnkeep/core/ports";
import type { CallOptions, Database } from "../../connection/database.js";
import type { Statement } from "../../connection/statement.js";
import { invalidInput } from "../../errors.js";
import { type HistoryRow, historyColumns, toHistoryRecord } from "../../schema/rows.js";
import { standingOf } from "../flush/classify.js";
import { whileRowChanges } from "../game/status.js";
import { findHistoryStatement } from "../history/find-history.js";
import { emptied, type LockedRow } from "../locked-row.js";
import { extraMembers, intoHistory } from "./history-row.js";

/** The row as it was before, whether it was archived, and the record that was inserted. */
type ArchivedRow = LockedRow & { readonly passes: boolean } & (HistoryRow | Record<keyof HistoryRow, null>);

/**
 * Moves a game into history, under its row's lock: its facts from its row, its replay composed as text, so that every
 * document in it keeps its bytes; then the row is a tombstone, and its log gone. It passes as a flush of the copy would,
 * and where the row has this version already.
 * A statement sees the log as it was when the statement began, and the row as it is once it has the lock. So a row whose
 * version changed in between does not pass: the log that came with that version is not seen yet.
 * The replay's log is what the table has before and after the copy's tail, and the tail, which is never written to that
 * table. If entries are missing, or are there that the copy does not know of, the record is marked incomplete. So it is if the log is longer than a replay may be: that is left
 * out, since no statement could write it in its time, and no client could read it. Each join of texts copies both, so that
 * what is short is joined first.
 * $1 id · $2 lineage · $3 revision · $4 fence · $5 base lineage · $6 base revision · $7 outcome · $8 turns · $9 write ids
 * · $10 number of log entries · $11 the tail's, with commas between · $12 number of its first · $13 final state
 * · $14 further members of the replay · $15 bytes that the log may have
 */
const archiveGame: Statement<ArchivedRow> = {
  name: "archive-game",
  writes: true,
  sql: (t) => `
    WITH seen AS MATERIALIZED (
      SELECT lineage, revision FROM ${t.games} WHERE id = $1::uuid
    ), held AS MATERIALIZED (
      SELECT * FROM ${t.games} WHERE id = $1::uuid FOR UPDATE
    ), passing AS MATERIALIZED (
      SELECT held.* FROM held JOIN seen USING (lineage, revision)
      WHERE held.status IN ('live', 'ended') AND held.fence = $4::bigint
        AND (lineage, revision) <= ($2::bigint, $3::bigint)
        AND (lineage = $2::bigint OR (lineage, revision) <= ($5::bigint, $6::bigint))
    ), ${intoHistory(
      t,
      `SELECT g.id, g.game_type, g.player_ids, g.npc_id, $7::json, $8::integer,
        greatest(0, floor(extract(epoch FROM now() - g.started_at)))::bigint,
        l.not_whole OR l.too_long,
        ('{"initialState":'
          || coalesce((SELECT entry FROM ${t.log} WHERE game_id = g.id AND seq = 0), 'null')
          || ',"log":['
          || CASE WHEN l.too_long THEN '' ELSE concat_ws(',', (
            SELECT string_agg(entry, ',' ORDER BY seq) FROM ${t.log}
            WHERE game_id = g.id AND seq > 0 AND seq < $12::bigint), $11::text, (
            SELECT string_agg(entry, ',' ORDER BY seq) FROM ${t.log}
            WHERE game_id = g.id AND seq > $10::bigint)) END
          || ('],"rules":' || g.rules::text || ',"finalState":' || $13::text || $14::text || '}'))::json,
        g.started_at, now(), g.rules_version, g.metadata
      FROM passing g CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE seq < $12::bigint) <> $12::bigint OR bool_or(seq > $10::bigint) AS not_whole,
          coalesce(sum(octet_length(entry)), 0) + coalesce(octet_length($11::text), 0) > $15::bigint AS too_long
        FROM ${t.log} WHERE game_id = g.id AND (seq < $12::bigint OR seq > $10::bigint)
      ) l`,
    )}, forgotten AS (
      DELETE FROM ${t.log} l USING passing WHERE l.game_id = passing.id
    ), closed AS (
      UPDATE ${t.games} g SET
        status = 'archived', lineage = $2::bigint, revision = $3::bigint, write_ids = $9::text,
        turn_number = $8::integer, log_count = $10::bigint, ${emptied}
      FROM passing WHERE g.id = passing.id
    )
    SELECT held.status, held.lineage, held.revision, held.fence, held.write_ids, held.log_count,
      passing.id IS NOT NULL AS passes, ${historyColumns("h")}
    FROM held LEFT JOIN passing ON passing.id = held.id LEFT JOIN archived h ON h.game_id = held.id`,
};

/** Moves a sealed game into history in one statement; a refusal is reported as by a flush. */
export async function archive(
  db: Database,
  { copy, extraReplay }: ArchiveRequest,
  options?: CallOptions,
): Promise<ArchiveReply> {
  const { gameId, outcome, version, base, entries, logCount } = copy;
  assertGameId(gameId);
  if (copy.status !== "ended" || outcome === null) throw invalidInput("only a sealed copy is archived", "copy");
  if (entries.length > logCount) {
    throw invalidInput("a copy has more log entries than it counts", "logCount");
  }
  const values = [
    gameId,
    lineageOf(version),
    revisionOf(version),
    copy.fence,
    lineageOf(base),
    revisionOf(base),
    JSON.stringify(outcome),
    copy.turnNumber,
    copy.writeIds,
    logCount,
    entries.length > 0 ? entries.join(",") : null,
    logCount - entries.length + 1,
    copy.state,
    extraMembers(extraReplay),
    db.maxReplayLogBytes,
  ];
  return whileRowChanges(async () => {
    const [row] = await db.run(archiveGame, values, { ...options, lane: "transaction" });
    if (row && row.game_id !== null) return { kind: "archived", record: toHistoryRecord(row) };
    if (row?.passes || !row || row.status === "archived") {
      const [record] = await db.run(findHistoryStatement, [gameId], options);
      if (record) return { kind: row?.passes ? "archived" : "already", record: toHistoryRecord(record) };
    }
    return refusal(row, copy);
  });
}

/** Why the row did not pass; `null` if it would by now. */
function refusal(row: LockedRow | undefined, { gameId, ...copy }: UnflushedCopy): ArchiveReply | null {
  if (!row) return { gameId, kind: "orphan" };
  if (row.status === "archived" || row.status === "deleted") return { gameId, kind: "gone", status: row.status };
  if (row.status === "quarantined") return { gameId, kind: "quarantined" };
  const standing = standingOf(row, copy);
  return standing && { gameId, ...standing };
}
