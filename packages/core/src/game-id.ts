import { TurnkeepError } from "./errors.js";

/** A canonical lower-case UUID. One game has one spelling: aliases would be one row with several cache keys. */
export type GameId = string;

const canonicalUuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** True for a canonical lower-case UUID; every other spelling (capitals, braces, no dashes) is false. */
export function isCanonicalUuid(value: unknown): value is string {
  return typeof value === "string" && value.length === 36 && canonicalUuid.test(value);
}

/**
 * Returns the id unchanged if it is canonical. It is never rewritten.
 * @throws InvalidGameId for anything else
 */
export function assertGameId(value: unknown): GameId {
  if (isCanonicalUuid(value)) return value;
  throw new TurnkeepError(
    "InvalidGameId",
    "a game id is a lower-case UUID with dashes, such as crypto.randomUUID gives",
    {},
  );
}
