import { lineageOf, type Outcome, outcomeSchema, revisionOf, type Version } from "@turnkeep/core";
import type { ActiveGame, GameOrigin, UnflushedCopy } from "@turnkeep/core/ports";
import { asReply, type Reply, type ScriptArguments, type ScriptCall } from "../connection/run-script.js";
import { type Context, gamesACall } from "../context.js";
import type { GameKeys } from "../keys.js";

/* Scripts take texts and answer with lists of texts that begin with a name. Here is what several operations share. */

/** The text at a place of a reply; `""` for nil. */
export function textAt(reply: Reply, place: number): string {
  const value = reply[place];
  return value === null || value === undefined ? "" : String(value);
}

export function textsOf(value: unknown): string[] {
  return asReply(value).map(String);
}

export function versionAt(reply: Reply, place: number): Version {
  return textAt(reply, place) as Version;
}

export function statusOf(text: string): "live" | "ended" {
  return text === "ended" ? "ended" : "live";
}

/** `null` where there is none, and where the text is damaged: one unreadable copy must not stop a whole claim. */
function outcomeOf(text: string): Outcome | null {
  if (text === "") return null;
  try {
    return outcomeSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** `null` where there are none, and where the text is damaged. */
function originOf(text: string): GameOrigin | null {
  if (text === "") return null;
  try {
    return { rulesVersion: firstRules, ...(JSON.parse(text) as Omit<GameOrigin, "rulesVersion">) };
  } catch {
    return null;
  }
}

/** Of a copy that a version of Turnkeep wrote which knew of no rules' versions. */
const firstRules = 1;

export function rulesVersionOf(text: string): number {
  return Number(text) || firstRules;
}

export function outcomeText(outcome: Outcome | null): string {
  return outcome === null ? "" : JSON.stringify(outcome);
}

/** A game that is never due has an empty text. */
export function dueText(dueAt: number | null): string {
  return dueAt === null ? "" : String(dueAt);
}

/** `null` where it is never due: an empty text, and what a version of Turnkeep wrote that knew of no due times. */
export function dueOf(text: string): number | null {
  const dueAt = Number(text);
  return text === "" || !Number.isSafeInteger(dueAt) ? null : dueAt;
}

/** A copy without a base grew from no row that could be newer. */
export function baseOf(text: string): Version {
  return (text || "0.0") as Version;
}

function originText({ gameType, playerIds, npcId, rules, rulesVersion, startedAt }: GameOrigin): string {
  return JSON.stringify({ gameType, playerIds, npcId, rules, rulesVersion, startedAt });
}

/**
 * The keys of scripts that change copies: of each game state, header and tail, then the index that they share, and last,
 * as for every script, whose they are.
 */
export function copyKeys(...games: readonly GameKeys[]): readonly string[] {
  const [first] = games;
  return [...games.flatMap(ownKeys), first?.index ?? "", first?.deployment ?? ""];
}

export const ownKeys = ({ state, header, tail }: GameKeys): readonly string[] => [state, header, tail];

/** Calls that take many games each; on a Cluster, where each game has keys in a slot of its own, one. */
export function callsOf<Game>(
  { dirtyParts }: Pick<Context, "dirtyParts">,
  games: readonly Game[],
  toCall: (some: readonly Game[]) => ScriptCall,
): readonly ScriptCall[] {
  const size = dirtyParts === null ? gamesACall : 1;
  const calls: ScriptCall[] = [];
  for (let first = 0; first < games.length; first += size) calls.push(toCall(games.slice(first, first + size)));
  return calls;
}

/**
 * The two arguments that scripts/include/row.lua reads: what the header says, a line a field (none has a line break but
 * the last, the game's own metadata), and the state. A recovery sends many rows, and each argument costs client and Redis alike.
 */
export function rowArguments(row: ActiveGame): ScriptArguments {
  const { version, fence, status, schemaVersion, turnNumber, logCount, writeIds, outcome, lastActionAt, dueAt } = row;
  const progress = `${lineageOf(version)}\n${revisionOf(version)}\n${fence}\n${status}\n${schemaVersion}\n${turnNumber}`;
  const rest = `${logCount}\n${writeIds}\n${outcomeText(outcome)}\n${Math.floor(lastActionAt)}\n${dueText(dueAt)}`;
  return [
    `${progress}\n${rest}\n${row.rulesVersion}\n${row.metadataVersion}\n${originText(row)}\n${row.metadata ?? ""}`,
    row.state,
  ];
}

/** The copy that scripts/include/unflushed.lua makes. */
export function toUnflushedCopy(value: unknown): UnflushedCopy {
  const reply = asReply(value);
  return {
    gameId: textAt(reply, 0),
    version: `${textAt(reply, 1)}.${textAt(reply, 2)}` as Version,
    fence: textAt(reply, 3),
    status: statusOf(textAt(reply, 4)),
    schemaVersion: Number(textAt(reply, 5)),
    turnNumber: Number(textAt(reply, 6)),
    logCount: Number(textAt(reply, 7)),
    writeIds: textAt(reply, 8),
    outcome: outcomeOf(textAt(reply, 9)),
    lastActionAt: Number(textAt(reply, 10)),
    dueAt: dueOf(textAt(reply, 11)),
    base: baseOf(textAt(reply, 12)),
    origin: originOf(textAt(reply, 13)),
    state: textAt(reply, 14),
    entries: textsOf(reply[15]),
  };
}
