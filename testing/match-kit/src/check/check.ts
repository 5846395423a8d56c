import type { Evidence, HistoryRow } from "./evidence.js";
import { isAction, type Operation } from "./operation.js";

/** How log entries are read and applied; the game's rules. */
export interface LogReader {
  /** Which write made this entry, and `null` where the entry does not say. */
  writeIdOf(entry: HistoryRow["log"][number]): string | null;
  /** True for what no client asked for: a turn whose time was over. */
  isSystems(entry: HistoryRow["log"][number]): boolean;
  /** The text of the state that the log leads to. @throws whatever the rules throw */
  replay(initialState: string, log: HistoryRow["log"]): string;
}

/** One claim, and whether it holds. */
export interface Finding {
  readonly name: string;
  readonly found: number;
  /** What it must be, in words for the table. */
  readonly wanted: string;
  readonly ok: boolean;
  /** What breaks it: ids and reasons, never states. */
  readonly failures: readonly string[];
}

const none = (name: string, failures: readonly string[]): Finding => ({
  name,
  found: failures.length,
  wanted: "0",
  ok: failures.length === 0,
  failures,
});

const line = ({ operation, gameId, writeId, level }: Operation) =>
  `${operation} ${writeId} (${level}) of game ${gameId}`;

/** Compares the answers that clients got with what Postgres and Redis hold. Pure; every claim is checked, also after a failure. */
export function check(evidence: Evidence, reader: LogReader): readonly Finding[] {
  const actions = evidence.operations.filter(isAction);
  const acknowledged = actions.filter(({ outcome }) => outcome === "acknowledged");
  const unknown = actions.filter(({ outcome }) => outcome === "unknown");
  const applied = countWrites(evidence.history, reader);
  const asked = countWrites(evidence.history, reader, (entry) => !reader.isSystems(entry));
  const missing = ({ gameId, writeId }: Operation) => !applied.has(key(gameId, writeId));
  const lost = acknowledged.filter(missing);
  const durable = acknowledged.filter(({ level }) => level === "durable");
  const refusedButApplied = actions.filter((operation) => operation.outcome === "refused" && !missing(operation));
  const known = new Set(actions.map(({ gameId, writeId }) => key(gameId, writeId)));

  return [
    ...(evidence.wantedKills > 0 ? [atLeast("server killed", evidence.kills, evidence.wantedKills)] : []),
    atLeast("actions acknowledged", acknowledged.length, 1),
    atLeast("of these durable", durable.length, 1),
    none("acknowledged durable actions lost", lost.filter(({ level }) => level === "durable").map(line)),
    none("acknowledged actions lost at any level", lost.map(line)),
    none("actions applied twice", twice(applied)),
    none("refused actions applied", refusedButApplied.map(line)),
    none("log entries of no client's action", strangers(asked, known)),
    none("actions whose result stayed unknown", unknown.map(line)),
    endings(evidence),
    none("live leftovers", leftovers(evidence)),
    none("replays that differ from the archived state", differing(evidence.history, reader)),
    none("programs that had to be killed in the end", evidence.endedInOrder ? [] : ["a server or the daemon"]),
  ];
}

const key = (gameId: string, writeId: string) => `${gameId} ${writeId}`;

export function atLeast(name: string, found: number, wanted: number): Finding {
  const ok = found >= wanted;
  return { name, found, wanted: `≥ ${wanted}`, ok, failures: ok ? [] : [`${found}, wanted at least ${wanted}`] };
}

/** How often each write is in its game's log. An entry that names no write counts under `?`. */
function countWrites(
  history: readonly HistoryRow[],
  reader: LogReader,
  counted: (entry: HistoryRow["log"][number]) => boolean = () => true,
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { gameId, log } of history) {
    for (const entry of log.filter(counted)) {
      const name = key(gameId, reader.writeIdOf(entry) ?? "?");
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  return counts;
}

function twice(applied: ReadonlyMap<string, number>): readonly string[] {
  return [...applied].flatMap(([name, times]) => (times > 1 ? [`game and write ${name}: ${times} times`] : []));
}

function strangers(applied: ReadonlyMap<string, number>, known: ReadonlySet<string>): readonly string[] {
  return [...applied.keys()].flatMap((name) => (known.has(name) ? [] : [`game and write ${name}`]));
}

/** Each game that clients saw end has exactly one complete history row, and history holds nothing else. */
function endings({ endedGames, history }: Evidence): Finding {
  const rows = new Map<string, number>();
  for (const { gameId } of history) rows.set(gameId, (rows.get(gameId) ?? 0) + 1);
  const ended = new Set(endedGames);
  const failures = [
    ...(ended.size === 0 ? ["no game ended"] : []),
    ...[...ended].flatMap((id) => (rows.has(id) ? [] : [`game ${id} ended and has no history row`])),
    ...[...rows].flatMap(([id, count]) => (count > 1 ? [`game ${id} has ${count} history rows`] : [])),
    ...[...rows.keys()].flatMap((id) => (ended.has(id) ? [] : [`game ${id} has a history row and did not end`])),
    ...history.flatMap(({ gameId, incomplete }) => (incomplete ? [`game ${gameId} has an incomplete history`] : [])),
  ];
  const ok = failures.length === 0;
  return { name: "games ended = history rows", found: ended.size, wanted: `= ${history.length}`, ok, failures };
}

function leftovers({ activeRows, logRows, redisKeys, dirtyGames }: Evidence): readonly string[] {
  return [
    ...activeRows.map((id) => `active row of game ${id}`),
    ...redisKeys.map((name) => `Redis key ${name}`),
    ...(dirtyGames > 0 ? [`${dirtyGames} games in the index of unflushed games`] : []),
    ...(logRows > 0 ? [`${logRows} log rows`] : []),
  ];
}

function differing(history: readonly HistoryRow[], reader: LogReader): readonly string[] {
  return history.flatMap(({ gameId, initialState, log, finalState }) => {
    try {
      if (reader.replay(initialState, log) === finalState) return [];
      return [`game ${gameId}: its log leads to another state`];
    } catch (error) {
      return [`game ${gameId}: its log cannot be replayed: ${error instanceof Error ? error.message : "unknown"}`];
    }
  });
}
