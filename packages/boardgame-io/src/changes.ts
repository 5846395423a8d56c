import type { JsonValue } from "@turnkeep/core";
import { field, type MatchDocument } from "./match-game.js";
import { mergeMetadata, takenSeat } from "./merge-metadata.js";

/** A state that boardgame.io wants kept, with what the log gains by it. */
export interface StateChange {
  readonly kind: "state";
  readonly state: JsonValue;
  readonly log: readonly JsonValue[];
  /** Only if the match has none yet, as at its creation. */
  readonly onlyFirst: boolean;
}

export interface MetadataChange {
  readonly kind: "metadata";
  readonly metadata: JsonValue;
  /** As the writer read it; `null` if it did not read any. */
  readonly base: JsonValue | null;
  readonly onlyFirst: boolean;
  /** Another writer has taken the seat that this change takes, so nothing of it was written. */
  takenSeat: string | null;
}

export type Change = StateChange | MetadataChange;

/**
 * The document with these changes, in their order, and what its log gains; the very same document if nothing changes.
 * A state replaces one with a lower `_stateID`, and one without; any other is ignored with its log: a newer one has come
 * first, or another server has made a move from the same state.
 */
export function applyChanges(
  document: MatchDocument,
  changes: readonly Change[],
): { readonly state: MatchDocument; readonly log: readonly JsonValue[] } {
  let next = document;
  const log: JsonValue[] = [];
  for (const change of changes) {
    if (change.kind === "metadata") {
      next = withMetadata(next, change);
    } else if (replaces(change, next)) {
      log.push(...change.log);
      next = { ...next, state: change.state, logCount: next.logCount + change.log.length };
    }
  }
  return { state: next, log };
}

function replaces({ state, onlyFirst }: StateChange, { state: current }: MatchDocument): boolean {
  if (current === undefined) return true;
  if (onlyFirst) return false;
  const [before, after] = [stateId(current), stateId(state)];
  return before === null || after === null || after > before;
}

/** `null` for a state that has none. */
export function stateId(state: JsonValue | undefined): number | null {
  const id = field(state, "_stateID");
  return typeof id === "number" ? id : null;
}

/** The document with this metadata; a retry of the same change gives the same. */
function withMetadata(document: MatchDocument, change: MetadataChange): MatchDocument {
  const { metadata, base, onlyFirst } = change;
  const current = document.metadata;
  change.takenSeat = null;
  if (current === undefined) return { ...document, metadata };
  if (onlyFirst) return document;
  if (base === null) return { ...document, metadata };
  change.takenSeat = takenSeat(base, metadata, current);
  return change.takenSeat === null ? { ...document, metadata: mergeMetadata(base, metadata, current) } : document;
}
