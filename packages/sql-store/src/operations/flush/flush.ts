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

type Copies = "one" | "many";
type Value = string | number | null;

/** What a copy gives: the type of each value, and where it comes from. */
const columns: Readonly<Record<string, readonly [type: string, of: (copy: FlushItem) => Value]>> = {
  id: ["uuid", ({ gameId }) => gameId],
  lineage: ["bigint", ({ version }) => lineageOf(version)],
  revision: ["bigint", ({ version }) => revisionOf(version)],
  fence: ["bigint", ({ fence }) => fence],
  status: ["text", ({ status }) => status],
  turn_number: ["integer", ({ turnNumber }) => turnNumber],
  schema_version: ["integer", ({ schemaVersion }) => schemaVersion],
  write_ids: ["text", ({ writeIds }) => writeIds],
  log_count: ["bigint", ({ logCount }) => logCount],
  outcome: ["json", ({ outcome }) => outcome && JSON.stringify(outcome)],
  due_at: ["bigint", ({ dueAt }) => dueAt],
  base_lineage: ["bigint", ({ base }) => lineageOf(base)],
  base_revision: ["bigint", ({ base }) => revisionOf(base)],
  // The number of its last entry before those given.
  logged_before: ["bigint", ({ logCount, entries }) => logCount - entries.length],
};
const names = [...Object.keys(columns), "state"];
const types = [...Object.values(columns).map(([type]) => type), "text"];
const parametersAs = (suffix: "" | "[]") => types.map((type, n) => `$${n + 1}::${type}${suffix}`).join(", ");
const source = { one: `(VALUES (${parametersAs("")}))`, many: `unnest(${parametersAs("[]")})` };
/** Of the first parameter after those of the copies. */
const next = names.length + 1;

/**
 * Writes a batch of copies over their rows, and their new log entries; returns the ids of the rows held, and which of
 * them were written. With `skipLocked`, rows that another transaction holds are left out.
 * A row is written only under its own fence, over a lower version, and by a copy that has all of it: one that is ahead
 * in the same lineage, or whose lineage grew from this version or a later one. It is never inserted. Entries go in only for
 * rows that were written. All rows are locked first, in the order of their ids, so that batches cannot deadlock;
 * what a row holds is compared after its lock is held.
 * Values: those of `columns` and the states, then ids of entries, their numbers, and the entries. Of a single copy the
 * values come as they are, of many as arrays: a turn alone costs Postgres two thirds of what it costs as an array of one.
 */
const flushGames = (lockClause: "FOR UPDATE" | "FOR UPDATE SKIP LOCKED", copies: Copies): Statement<HeldGame> => ({
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
      FROM held JOIN ${source[copies]} AS v (${names.join(", ")}) ON v.id = held.id
      WHERE g.id = v.id AND g.status IN ('live', 'ended') AND g.fence = v.fence
        AND (g.lineage, g.revision) < (v.lineage, v.revision)
        AND (g.lineage = v.lineage OR (g.lineage, g.revision) <= (v.base_lineage, v.base_revision))
      RETURNING g.id, held.log_count < v.logged_before AS has_gap
    ), logged AS (
      INSERT INTO ${t.log} (game_id, seq, entry)
      SELECT e.game_id, e.seq, e.entry
      FROM unnest($${next}::uuid[], $${next + 1}::bigint[], $${next + 2}::text[]) AS e (game_id, seq, entry)
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
    const { copies, values } = flushValues(open());
    const rows = await db.run((skipLocked ? flushUnlocked : flushWaiting)[copies], values, options);
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
  const { copies, values } = flushValues([copy]);
  await session.run(flushWaiting[copies], values);
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

/** What a statement for so many copies takes. */
function flushValues(given: readonly FlushItem[]): { readonly copies: Copies; readonly values: readonly SqlValue[] } {
  const items = given.toSorted((a, b) => (a.gameId < b.gameId ? -1 : 1));
  const entries = items.flatMap(({ gameId, entries, logCount }) =>
    entries.map((entry, index) => ({ gameId, seq: logCount - entries.length + 1 + index, entry })),
  );
  const ofEntries = [
    entries.map(({ gameId }) => gameId),
    entries.map(({ seq }) => seq),
    binaryTextArray(entries.map(({ entry }) => entry)),
  ];
  const values = Object.values(columns).map(([, of]) => items.map(of));
  const states = items.map(({ state }) => state);
  if (items.length !== 1) return { copies: "many", values: [...values, binaryTextArray(states), ...ofEntries] };
  return { copies: "one", values: [...values.flat(), ...states, ...ofEntries] };
}
