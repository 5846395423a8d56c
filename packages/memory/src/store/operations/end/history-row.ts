import { type Outcome, TurnkeepError } from "@turnkeep/core";
import {
  documentOf,
  type EntryText,
  type GameFacts,
  type GameHistoryRecord,
  type StateText,
} from "@turnkeep/core/ports";

/** The record of a game, without its replay. */
export function recordOf(
  { gameId, gameType, playerIds, npcId, rulesVersion }: GameFacts & { readonly gameId: string },
  outcome: Outcome,
  facts: Pick<GameHistoryRecord, "turnCount" | "playedAt" | "endedAt">,
): GameHistoryRecord {
  const durationSeconds = Math.max(0, Math.floor((facts.endedAt - facts.playedAt) / 1_000));
  return { gameId, gameType, playerIds, npcId, outcome, rulesVersion, ...facts, durationSeconds, incomplete: false };
}

export interface ReplayParts {
  readonly initialState: StateText | null;
  readonly log: readonly EntryText[];
  readonly rules: string;
  readonly finalState: StateText | null;
}

/** The replay as JSON text, put together from texts that are not decoded: every byte is as it was written. */
export function composeReplay({ initialState, log, rules, finalState }: ReplayParts, extra = "{}"): string {
  const own = [
    `"initialState":${initialState ?? "null"}`,
    `"log":[${log.join(",")}]`,
    `"rules":${rules}`,
    `"finalState":${finalState ?? "null"}`,
  ];
  const added = extra.trim().slice(1, -1).trim();
  return `{${(added === "" ? own : [...own, added]).join(",")}}`;
}

const ownFields = ["initialState", "log", "rules", "finalState"];

/** @throws InvalidInput unless the text is a JSON object that leaves the replay's own names alone */
export function checkExtraReplay(extra: string | undefined): void {
  if (extra !== undefined && !isFreeObject(extra)) {
    const message = "the replay's extra fields are a JSON object that names none of its own fields";
    throw new TurnkeepError("InvalidInput", message, { issues: ["extraReplay"] });
  }
}

function isFreeObject(text: string): boolean {
  const document = documentOf(text);
  return document !== null && !ownFields.some((name) => Object.hasOwn(document, name));
}
