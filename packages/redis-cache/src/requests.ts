import { assertWriteId, lineageOf, type Outcome, revisionOf } from "@turnkeep/core";
import type { ActiveGame, WriteRequest } from "@turnkeep/core/ports";
import type { GameKeys } from "./keys.js";

/* The port's requests as the arguments of the scripts. */

/** The keys of the scripts that change a copy: state, metadata, tail, index. */
export function copyKeys(keys: GameKeys): readonly string[] {
  return [keys.state, keys.metadata, keys.tail, keys.index];
}

/** The twelve arguments of include/row.lua. */
export function rowArguments(row: ActiveGame): readonly (string | number)[] {
  return [
    lineageOf(row.version),
    revisionOf(row.version),
    row.fence,
    row.status,
    row.schemaVersion,
    row.turnNumber,
    row.logCount,
    row.writeIds,
    outcomeText(row.outcome),
    Math.floor(row.lastActionAt),
    dueText(row.dueAt),
    row.state,
  ];
}

/** The arguments of WRITE and SEAL. `bound` is text: `0` for none, `full` where it has been reached elsewhere. */
export function writeArguments(
  gameId: string,
  request: WriteRequest,
  outcome: Outcome | null,
  bound: string,
  publication: readonly string[],
): readonly (string | number)[] {
  return [
    gameId,
    request.expected,
    assertWriteId(request.writeId),
    request.state,
    request.turnNumber,
    request.schemaVersion,
    Math.ceil(request.flushWithinMs),
    bound,
    ...publication,
    outcomeText(outcome),
    dueText(request.dueAt),
    ...request.entries,
  ];
}

/** A game that is never due has an empty text. */
function dueText(dueAt: number | null): string {
  return dueAt === null ? "" : String(dueAt);
}

function outcomeText(outcome: Outcome | null): string {
  return outcome === null ? "" : JSON.stringify(outcome);
}
