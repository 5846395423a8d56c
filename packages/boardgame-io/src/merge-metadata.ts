import type { JsonValue } from "@turnkeep/core";
import { field, isObject } from "./match-game.js";

/** Metadata, its players, a player's fields. What is below is one value. */
const levels = 3;

/**
 * Metadata that was read, changed and is written back, over what others have written meanwhile: fields that this writer
 * changed are as it has them, the others as they are now. So two joins at once keep both seats.
 * @param base as the writer read it
 */
export function mergeMetadata(base: JsonValue, given: JsonValue, current: JsonValue): JsonValue {
  return merge(base, given, current, levels) ?? null;
}

type Maybe = JsonValue | undefined;

function merge(base: Maybe, given: Maybe, current: Maybe, depth: number): Maybe {
  if (isSame(base, current) || isSame(given, current)) return given;
  if (isSame(base, given)) return current;
  if (depth === 0 || !isObject(given) || !isObject(current)) return given;
  const merged: Record<string, JsonValue> = {};
  for (const key of new Set([...Object.keys(given), ...Object.keys(current)])) {
    const value = merge(field(base, key), field(given, key), field(current, key), depth - 1);
    if (value !== undefined) merged[key] = value;
  }
  return merged;
}

/**
 * The seat that this writer takes and that another has taken since it was read; `null` if there is none. Both were
 * given credentials for it, and only one set can be kept.
 */
export function takenSeat(base: JsonValue, given: JsonValue, current: JsonValue): string | null {
  const seats = field(given, "players");
  if (!isObject(seats)) return null;
  const credentials = (metadata: JsonValue, seat: string) =>
    field(field(field(metadata, "players"), seat), "credentials");
  const taken = Object.keys(seats).find((seat) => {
    const [before, mine, theirs] = [base, given, current].map((metadata) => credentials(metadata, seat));
    return before === undefined && mine !== undefined && theirs !== undefined && mine !== theirs;
  });
  return taken ?? null;
}

/** Whether more has changed than what each move and each connection changes. */
export function changesSeats(base: JsonValue, given: JsonValue): boolean {
  const lasting = (key: string, value: unknown) => (key === "updatedAt" || key === "isConnected" ? undefined : value);
  return JSON.stringify(base, lasting) !== JSON.stringify(given, lasting);
}

/** Both come from `toKeepable`, or from text that it became; the order of keys counts, which only costs a merge. */
function isSame(one: Maybe, other: Maybe): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
