import { assertGameId, type GameId, lineageOf, revisionOf } from "@turnkeep/core";
import type { FlushItem, FlushOptions, FlushOutcome, FlushReply, UnflushedCopy } from "@turnkeep/core/ports";
import type { CallOptions, Database } from "../../connection/database.js";
import type { Session } from "../../connection/session.js";
import type { SqlValue, Statement } from "../../connection/statement.js";
import { binaryTextArray } from "../../connection/text-array.js";
import { invalidInput } from "../../errors.js";
import { gameStatus, whileRowChanges } from "../game/status.js";
import { classify } from "./classify.js";

interface HeldGame {
  readonly id: string;
  readonly written: boolean;
  /** Entries between the row's and the copy's are missing; `null` if it was not written. */
  readonly has_gap: boolean | null;
}

/**
 * Writes a batch of copies over their rows, and their new log entries; returns the ids of the rows held, and which of
 * them were written. With `skipLocked`, rows that another transaction holds are left out.
 * A row is written only under its own fence, over a lower version, and by a copy that has all of it: one that is ahead
 * in the same lineage, or whose lineage grew from this version or a later one. It is never inserted. Entries go in only for
 * rows that were written. All rows are locked first, in the order of their ids, so that batches cannot deadlock;
 * what a row holds is compared after its lock is held.
 * $1 ids · $2 lineages · $3 revisions · $4 fences · $5 statuses · $6 turns · $7 schema versions · $8 write ids
 * · $9 log counts · $10 outcomes · $11 states · $12 due · $13 base lineages · $14 base revisions
 * · $15 numbers of the entries before those given · $16 ids of entries · $17 their numbers · $18 entries
 */
const flushGames = (lockClause: "FOR UPDATE" | "FOR UPDATE SKIP LOCKED"): Statement<HeldGame> => ({
  name: "flush-games",
  writes: true,
  sql: (t) => `
    WITH held AS MATERIALIZED (
      SELECT id, log_count FROM ${t.games} WHERE id = ANY ($1::uuid[]) ORDER BY id ${lockClause}
    ), written AS (
      UPDATE ${t.games} g SET
        status = v.status, lineage = v.lineage, revision = v.revision, turn_number = v.turn_number,
        schema_version = v.schema_version, write_ids = v.write_ids, log_count = v.log_count,
        outcome = v.outcome, state = v.state, due_at = v.due_at, last_action_at = now()
      FROM held JOIN unnest(
        $1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::integer[], $7::integer[], $8::text[],
        $9::bigint[], $10::json[], $11::text[], $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[]
      ) AS v (id, lineage, revision, fence, status, turn_number, schema_version, write_ids, log_count,
        outcome, state, due_at, base_lineage, base_revision, logged_before) ON v.id = held.id
      WHERE g.id = v.id AND g.status IN ('live', 'ended') AND g.fence = v.fence
        AND (g.lineage, g.revision) < (v.lineage, v.revision)
        AND (g.lineage = v.lineage OR (g.lineage, g.revision) <= (v.base_lineage, v.base_revision))
      RETURNING g.id, held.log_count < v.logged_before AS has_gap
    ), logged AS (
      INSERT INTO ${t.log} (game_id, seq, entry)
      SELECT e.game_id, e.seq, e.entry
      FROM unnest($16::uuid[], $17::bigint[], $18::text[]) AS e (game_id, seq, entry)
      JOIN written ON written.id = e.game_id
      ON CONFLICT (game_id, seq) DO NOTHING
    )
    SELECT held.id, written.id IS NOT NULL AS written, written.has_gap
    FROM held LEFT JOIN written ON written.id = held.id`,
});

const flushWaiting = flushGames("FOR UPDATE");
const flushUnlocked = flushGames("FOR UPDATE SKIP LOCKED");

/** Writes a batch in one statement, and returns for each copy what became of it. */
export async function flush(
  db: Database,
  items: readonly FlushItem[],
  { skipLocked = false, ...callOptions }: CallOptions & FlushOptions = {},
): Promise<readonly FlushReply[]> {
  checkItems(items);
  const options = { ...callOptions, lane: "flush" } as const;
  const outcomes = new Map<GameId, FlushReply>();
  const open = () => items.filter(({ gameId }) => !outcomes.has(gameId));
  if (items.length === 0) return [];
  // Another round is for rows that changed between the two statements in such a way that a flush now passes.
  await whileRowChanges(async () => {
    const rows = await db.run(skipLocked ? flushUnlocked : flushWaiting, flushValues(open()), options);
    const held = new Set(rows.map(({ id }) => id));
    for (const { id, written, has_gap } of rows) {
      if (written) outcomes.set(id, { gameId: id, kind: "written", ...(has_gap && { logHasGap: true }) });
    }
    for (const outcome of await classifyAll(db, open(), options)) outcomes.set(outcome.gameId, outcome);
    if (skipLocked) {
      for (const { gameId } of open()) if (!held.has(gameId)) outcomes.set(gameId, { gameId, kind: "locked" });
    }
    return open().length === 0 ? true : null;
  });
  return items.flatMap(({ gameId }) => outcomes.get(gameId) ?? []);
}

/** The same of one copy that was checked, in a transaction that holds its row and has compared the two. */
export async function flushLocked(session: Session, copy: UnflushedCopy): Promise<void> {
  await session.run(flushWaiting, flushValues([copy]));
}

async function classifyAll(db: Database, items: readonly FlushItem[], options?: CallOptions): Promise<FlushOutcome[]> {
  if (items.length === 0) return [];
  const rows = await db.run(gameStatus, [items.map(({ gameId }) => gameId)], options);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return items.flatMap((item) => {
    const row = byId.get(item.gameId);
    return (row && classify(row, item)) ?? [];
  });
}

/** @throws InvalidGameId, InvalidInput where a game comes twice, or has more entries than it counts */
export function checkItems(items: readonly FlushItem[]): void {
  const seen = new Set<GameId>();
  for (const { gameId, entries, logCount } of items) {
    assertGameId(gameId);
    if (seen.has(gameId)) throw invalidInput("a flush holds each game once", "items");
    if (entries.length > logCount) throw invalidInput("a copy has more log entries than it counts", "logCount");
    seen.add(gameId);
  }
}

function flushValues(given: readonly FlushItem[]): readonly SqlValue[] {
  const items = given.toSorted((a, b) => (a.gameId < b.gameId ? -1 : 1));
  const entries = items.flatMap(({ gameId, entries, logCount }) =>
    entries.map((entry, index) => ({ gameId, seq: logCount - entries.length + 1 + index, entry })),
  );
  return [
    items.map(({ gameId }) => gameId),
    items.map(({ version }) => lineageOf(version)),
    items.map(({ version }) => revisionOf(version)),
    items.map(({ fence }) => fence),
    items.map(({ status }) => status),
    items.map(({ turnNumber }) => turnNumber),
    items.map(({ schemaVersion }) => schemaVersion),
    items.map(({ writeIds }) => writeIds),
    items.map(({ logCount }) => logCount),
    items.map(({ outcome }) => outcome && JSON.stringify(outcome)),
    binaryTextArray(items.map(({ state }) => state)),
    items.map(({ dueAt }) => dueAt),
    items.map(({ base }) => lineageOf(base)),
    items.map(({ base }) => revisionOf(base)),
    items.map(({ logCount, entries }) => logCount - entries.length),
    entries.map(({ gameId }) => gameId),
    entries.map(({ seq }) => seq),
    binaryTextArray(entries.map(({ entry }) => entry)),
  ];
}
