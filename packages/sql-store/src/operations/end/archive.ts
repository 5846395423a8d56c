import { assertGameId, lineageOf, type Outcome, revisionOf } from "@turnkeep/core";
import type { ArchiveReply, ArchiveRequest, UnflushedCopy } from "@turnkeep/core/ports";
import type { CallOptions, Database } from "../../connection/database.js";
import type { Session } from "../../connection/session.js";
import type { Statement } from "../../connection/statement.js";
import { binaryTextArray } from "../../connection/text-array.js";
import { invalidInput } from "../../errors.js";
import { type HistoryRow, toHistoryRecord } from "../../schema/rows.js";
import { standingOf } from "../flush/classify.js";
import { findHistoryStatement } from "../history/find-history.js";
import { appendLog, type LockedRow, lockGame, markGone } from "../locked-row.js";
import { extraMembers, intoHistory } from "./history-row.js";

/**
 * Puts an active game into history: its facts from its row, its replay composed as text from its log, so that every
 * document in it keeps its bytes. The row must be locked, and its log up to date; if entries are missing, the record is
 * marked incomplete. So it is if the log is longer than a replay may be: that is left out, since no statement could
 * write it in its time, and no client could read it. Returns the record, or nothing if history has the game already.
 * $1 id · $2 outcome · $3 turns · $4 final state · $5 further members of the replay · $6 number of log entries
 * · $7 bytes that the log may have
 */
const archiveGame: Statement<HistoryRow> = {
  name: "archive-game",
  writes: true,
  sql: (t) =>
    intoHistory(
      t,
      `SELECT g.id, g.game_type, g.player_ids, g.npc_id, $2::json, $3::integer,
        greatest(0, floor(extract(epoch FROM now() - g.started_at)))::bigint,
        l.entries <> $6::bigint + 1 OR l.too_long,
        ('{"initialState":'
          || coalesce((SELECT entry FROM ${t.log} WHERE game_id = g.id AND seq = 0), 'null')
          || ',"log":['
          || CASE WHEN l.too_long THEN '' ELSE coalesce(
            (SELECT string_agg(entry, ',' ORDER BY seq) FROM ${t.log} WHERE game_id = g.id AND seq > 0), '') END
          || '],"rules":' || g.rules::text || ',"finalState":' || $4::text || $5::text || '}')::json,
        g.started_at, now(), g.rules_version, g.metadata
      FROM ${t.games} g CROSS JOIN LATERAL (
        SELECT count(*) AS entries, coalesce(sum(octet_length(entry)), 0) > $7::bigint AS too_long
        FROM ${t.log} WHERE game_id = g.id
      ) l
      WHERE g.id = $1::uuid`,
    ),
};

/** Moves a sealed game into history in one transaction; a refusal is reported as by a flush. */
export async function archive(
  db: Database,
  { copy, extraReplay }: ArchiveRequest,
  options?: CallOptions,
): Promise<ArchiveReply> {
  const { gameId, outcome } = copy;
  assertGameId(gameId);
  if (copy.status !== "ended" || outcome === null) throw invalidInput("only a sealed copy is archived", "copy");
  if (copy.entries.length > copy.logCount) {
    throw invalidInput("a copy has more log entries than it counts", "logCount");
  }
  const extra = extraMembers(extraReplay);
  return db.transact(options, async (session) => {
    const [row] = await session.run(lockGame, [gameId]);
    const refusal = await refuse(session, row, copy);
    if (refusal) return refusal;
    return {
      kind: "archived",
      record: toHistoryRecord(await moveToHistory(session, copy, outcome, extra, db.maxReplayLogBytes)),
    };
  });
}

async function refuse(
  session: Session,
  row: LockedRow | undefined,
  { gameId, ...copy }: UnflushedCopy,
): Promise<ArchiveReply | null> {
  if (!row || row.status === "archived") {
    const [record] = await session.run(findHistoryStatement, [gameId]);
    if (record) return { kind: "already", record: toHistoryRecord(record) };
    return row ? { gameId, kind: "gone", status: "archived" } : { gameId, kind: "orphan" };
  }
  if (row.status === "deleted") return { gameId, kind: "gone", status: "deleted" };
  if (row.status === "quarantined") return { gameId, kind: "quarantined" };
  const standing = standingOf(row, copy);
  return standing && { gameId, ...standing };
}

async function moveToHistory(
  session: Session,
  copy: UnflushedCopy,
  outcome: Outcome,
  extra: string,
  maxLogBytes: number,
): Promise<HistoryRow> {
  const { gameId, version, entries, logCount, turnNumber, writeIds } = copy;
  if (entries.length > 0) {
    await session.run(appendLog, [gameId, logCount - entries.length + 1, binaryTextArray(entries)]);
  }
  const values = [gameId, JSON.stringify(outcome), turnNumber, copy.state, extra, logCount, maxLogBytes];
  const [record] = [
    ...(await session.run(archiveGame, values)),
    ...(await session.run(findHistoryStatement, [gameId])),
  ];
  if (!record) throw new Error("an archived game has a history row");
  const tombstone = [gameId, "archived", lineageOf(version), revisionOf(version), writeIds, turnNumber, logCount];
  await session.run(markGone, tombstone);
  return record;
}
