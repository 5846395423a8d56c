import { assertGameId, type GameId, lineageOf, revisionOf } from "@turnkeep/core";
import type { FlushItem, FlushOutcome } from "@turnkeep/core/ports";
import type { CallOptions, Database } from "../database.js";
import { invalidInput } from "../errors.js";
import type { SqlValue } from "../statement.js";
import { flushGames } from "../statements/flush-games.js";
import { locateGames } from "../statements/locate-games.js";
import { binaryTextArray } from "../text-array.js";
import { judge } from "./judge.js";
import { settle } from "./locate.js";

/** Writes a batch in one statement, and tells for each copy what became of it. */
export async function flush(
  db: Database,
  items: readonly FlushItem[],
  options: CallOptions,
): Promise<readonly FlushOutcome[]> {
  checkItems(items);
  const outcomes = new Map<GameId, FlushOutcome>();
  const open = () => items.filter(({ gameId }) => !outcomes.has(gameId));
  if (items.length === 0) return [];
  // Another round is for rows that changed between the two statements in such a way that a flush now passes.
  await settle(async () => {
    for (const { id } of await db.run(flushGames, flushValues(open()), options)) {
      outcomes.set(id, { gameId: id, kind: "written" });
    }
    for (const outcome of await judgeAll(db, open(), options)) outcomes.set(outcome.gameId, outcome);
    return open().length === 0 ? true : null;
  });
  return items.flatMap(({ gameId }) => outcomes.get(gameId) ?? []);
}

async function judgeAll(db: Database, items: readonly FlushItem[], options: CallOptions): Promise<FlushOutcome[]> {
  if (items.length === 0) return [];
  const rows = await db.run(locateGames, [items.map(({ gameId }) => gameId)], options);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return items.flatMap((item) => {
    const row = byId.get(item.gameId);
    return (row && judge(row, item)) ?? [];
  });
}

function checkItems(items: readonly FlushItem[]): void {
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
    items.map(({ outcome }) => outcome?.winnerId ?? null),
    items.map(({ outcome }) => outcome?.winnerIsNpc ?? null),
    items.map(({ outcome }) => outcome?.endReason ?? null),
    binaryTextArray(items.map(({ state }) => state)),
    items.map(({ dueAt }) => dueAt),
    items.map(({ base }) => lineageOf(base)),
    items.map(({ base }) => revisionOf(base)),
    entries.map(({ gameId }) => gameId),
    entries.map(({ seq }) => seq),
    binaryTextArray(entries.map(({ entry }) => entry)),
  ];
}
