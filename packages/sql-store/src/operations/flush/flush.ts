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

/** What a copy gives, with its types. `logged_before`: the number of its last entry before those given. */
const columns = {
  id: "uuid",
  lineage: "bigint",
  revision: "bigint",
  fence: "bigint",
  status: "text",
  turn_number: "integer",
  schema_version: "integer",
  write_ids: "text",
  log_count: "bigint",
  outcome: "json",
  due_at: "bigint",
  base_lineage: "bigint",
  base_revision: "bigint",
  logged_before: "bigint",
  state: "text",
};
const parameters = (suffix: "" | "[]") =>
  Object.values(columns)
    .map((type, n) => `$${n + 1}::${type}${suffix}`)
    .join(", ");
const given = { one: `(VALUES (${parameters("")}))`, many: `unnest(${parameters("[]")})` };

/**
 * Writes a batch of copies over their rows, and their new log entries; returns the ids of the rows held, and which of
 * them were written. With `skipLocked`, rows that another transaction holds are left out.
 * A row is written only under its own fence, over a lower version, and by a copy that has all of it: one that is ahead
 * in the same lineage, or whose lineage grew from this version or a later one. It is never inserted. Entries go in only for
 * rows that were written. All rows are locked first, in the order of their ids, so that batches cannot deadlock;
 * what a row holds is compared after its lock is held.
 * Values: those of `columns`, then ids of entries, their numbers, and the entries. Of a single copy the values come as they
 * are, of many as arrays: a turn alone costs Postgres two thirds of what it costs as an array of one.
 */
const flushGames = (
  lockClause: "FOR UPDATE" | "FOR UPDATE SKIP LOCKED",
  copies: "one" | "many",
): Statement<HeldGame> => ({
  name: "flush-games",
  writes: true,
  sql: (t) => `
    WITH held AS MATERIALIZED (
      SELECT id, log_count FROM ${t.games}
      WHERE id = ${copies === "one" ? "$1::uuid" : "ANY ($1::uuid[]) ORDER BY id"} ${lockClause}
    ), written AS (
      UPDATE ${t.games} g SET
        status = v.status, lineage = v.lineage, revision = v.revision, turn_number = v.turn_number,
        schema_version = v.schema_version, write_ids = v.write_ids, log_count = v.log_count,
        outcome = v.outcome, state = v.state, due_at = v.due_at, last_action_at = now()
      FROM held JOIN ${given[copies]} AS v (${Object.keys(columns).join(", ")}) ON v.id = held.id
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

const flushWaiting = { one: flushGames("FOR UPDATE", "one"), many: flushGames("FOR UPDATE", "many") };
const flushUnlocked = {
  one: flushGames("FOR UPDATE SKIP LOCKED", "one"),
  many: flushGames("FOR UPDATE SKIP LOCKED", "many"),
};

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
    const copies = open();
    const statement = (skipLocked ? flushUnlocked : flushWaiting)[copies.length === 1 ? "one" : "many"];
    const rows = await db.run(statement, flushValues(copies), options);
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
  await session.run(flushWaiting.one, flushValues([copy]));
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
  const rows = items.map(rowOf);
  const states = items.map(({ state }) => state);
  const copies =
    rows.length === 1
      ? [...(rows[0] ?? []), states[0] ?? ""]
      : [
          ...Object.keys(columns)
            .slice(0, -1)
            .map((_, column) => rows.map((row) => row[column] ?? null)),
          binaryTextArray(states),
        ];
  return [
    ...copies,
    entries.map(({ gameId }) => gameId),
    entries.map(({ seq }) => seq),
    binaryTextArray(entries.map(({ entry }) => entry)),
  ];
}

/** A copy's values in the order of `columns`, but for its state. */
function rowOf(copy: FlushItem): readonly (string | number | null)[] {
  return [
    copy.gameId,
    lineageOf(copy.version),
    revisionOf(copy.version),
    copy.fence,
    copy.status,
    copy.turnNumber,
    copy.schemaVersion,
    copy.writeIds,
    copy.logCount,
    copy.outcome && JSON.stringify(copy.outcome),
    copy.dueAt,
    lineageOf(copy.base),
    revisionOf(copy.base),
    copy.logCount - copy.entries.length,
  ];
}
