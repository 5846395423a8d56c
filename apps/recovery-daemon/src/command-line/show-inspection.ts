import type { CopyFacts, StoredFacts } from "@turnkeep/core/ports";
import type { GameInspection, Side } from "@turnkeep/operations";
import prettyMs from "pretty-ms";
import { sentenceOf } from "./failure.js";
import { table } from "./table.js";

/** An inspection, with the state or view that was asked for; `undefined`: none was. */
export type ShownInspection = GameInspection & { readonly shownState: unknown };

/** One object: what each side has, without states, or its error in one sentence. */
export function inspectionJson({ gameId, cache, store, shownState }: ShownInspection): string {
  const side = <Facts extends object>(of: Side<Facts>) => {
    if ("error" in of) return { error: sentenceOf(of.error) };
    return of.facts === null ? null : { ...of.facts, nowMs: of.nowMs };
  };
  const shown = { gameId, cache: side(cache), store: side(store), shownState };
  return JSON.stringify(shown, (name, value) => (name === "state" && typeof value === "string" ? undefined : value));
}

/** A table of both sides, and below it what only one of them knows. */
export function inspectionText({ gameId, cache, store, shownState }: ShownInspection): string {
  const [copy, row] = [cellsOf(cache, copyCells), cellsOf(store, rowCells)];
  const facts = Object.keys({ ...copy, ...row });
  const rows = facts.map((fact) => [fact, copy[fact] ?? "", row[fact] ?? ""]);
  const lines = [`game ${gameId}`, "", table([["", "Redis", "Postgres"], ...rows])];
  if (shownState !== undefined) lines.push("", JSON.stringify(shownState, null, 2));
  return lines.join("\n");
}

type Cells = Readonly<Record<string, string>>;

function cellsOf<Facts>(side: Side<Facts>, cells: (facts: Facts, nowMs: number) => Cells): Cells {
  if ("error" in side) return { status: `not known: ${sentenceOf(side.error)}` };
  return side.facts === null ? { status: "nothing" } : cells(side.facts, side.nowMs);
}

function copyCells(copy: CopyFacts, nowMs: number): Cells {
  const { flushAt } = copy;
  const due = flushAt === null ? "not in the dirty index" : `due ${when(flushAt, nowMs)}`;
  return {
    status: `${copy.status}${copy.served ? "" : ", unverified: its next load compares it with Postgres"}`,
    version: copy.version,
    fence: copy.fence,
    "grew from": copy.base,
    turn: String(copy.turnNumber),
    "last action": when(copy.lastActionAt, nowMs),
    deadline: deadline(copy.dueAt),
    "log entries": `${copy.logCount}, of which ${copy.tailEntries} are kept here`,
    state: `${copy.stateBytes} bytes, schema ${copy.schemaVersion}`,
    flush: copy.dirty ? `dirty, ${due}` : `clean${flushAt === null ? "" : `, yet ${due}`}`,
    expires: copy.expiresInMs === null ? "not while it is dirty" : when(nowMs + copy.expiresInMs, nowMs),
  };
}

function rowCells({ status, version, closedAt, inHistory, row }: StoredFacts, nowMs: number): Cells {
  const common = {
    status,
    version: version ?? "",
    history: inHistory ? "has a record" : "has no record",
    ...(closedAt === null ? {} : { closed: when(closedAt, nowMs) }),
  };
  if (row === null) return common;
  const { quarantine } = row;
  const reason =
    quarantine === null ? "no" : `${quarantine.reason ?? "no reason given"} (${quarantine.bytes} bytes kept)`;
  return {
    ...common,
    fence: row.fence,
    turn: String(row.turnNumber),
    "last action": when(row.lastActionAt, nowMs),
    deadline: deadline(row.dueAt),
    "log entries": `${row.logCount}, of which ${row.storedEntries} are stored`,
    state: `${row.stateBytes} bytes, schema ${row.schemaVersion}`,
    quarantined: reason,
    started: when(row.startedAt, nowMs),
    type: row.gameType,
    players: [...row.playerIds, ...(row.npcId === null ? [] : [`npc:${row.npcId}`])].join(", "),
  };
}

const deadline = (dueAt: number | null): string => (dueAt === null ? "none" : `at ${dueAt} ms of service time`);

/** `3.2s ago` or `in 12s`, by the clock of the side that says so. */
function when(atMs: number, nowMs: number): string {
  const span = prettyMs(Math.abs(nowMs - atMs));
  return atMs > nowMs ? `in ${span}` : `${span} ago`;
}
