import { TurnkeepError } from "./errors.js";

/**
 * A game's version on the wire, `"<lineage>.<revision>"`: opaque to clients, who send back what they were given.
 * Lineage and revision are decimal numbers that may pass 2^53, hence text.
 */
export type Version = string & { readonly __brand: "Version" };

/** A number that the store hands out at every load into the cache; a decimal text that never decreases. */
export type Fence = string;

const decimal = /^(0|[1-9]\d{0,18})$/;

/** @throws InvalidInput unless both are decimal numbers of at most 19 digits (a Postgres bigint) */
export function toVersion(lineage: string, revision: string): Version {
  if (!decimal.test(lineage) || !decimal.test(revision)) {
    throw new TurnkeepError("InvalidInput", "a version is made of two decimal numbers", { issues: ["version"] });
  }
  return `${lineage}.${revision}` as Version;
}

/** Returns the text as a version. @throws InvalidInput if it is not one */
export function parseVersion(text: unknown): Version {
  const [lineage, revision, rest] = typeof text === "string" ? text.split(".") : [];
  if (lineage === undefined || revision === undefined || rest !== undefined) {
    throw new TurnkeepError("InvalidInput", 'a version has the form "<lineage>.<revision>"', { issues: ["version"] });
  }
  return toVersion(lineage, revision);
}

export function lineageOf(version: Version): string {
  return version.slice(0, version.indexOf("."));
}

export function revisionOf(version: Version): string {
  return version.slice(version.indexOf(".") + 1);
}

/** Orders decimal texts without leading zeros as numbers: by length, then by bytes. */
export function compareDecimals(a: string, b: string): -1 | 0 | 1 {
  if (a === b) return 0;
  if (a.length !== b.length) return a.length < b.length ? -1 : 1;
  return a < b ? -1 : 1;
}

/** Where a copy stands in a game's history: its version, and the row's version that its lineage grew from. */
export interface Descent {
  readonly version: Version;
  readonly base: Version;
}

/**
 * Whether the copy has all that a row of this version has: the row is no further in the copy's own lineage, or no newer
 * than what that lineage grew from. Rows only ever go forward, so a copy that lacks its row once lacks it for good.
 */
export function containsRow({ version, base }: Descent, row: Version): boolean {
  if (lineageOf(row) === lineageOf(version)) return compareVersions(row, version) <= 0;
  return compareVersions(row, base) <= 0;
}

/** Orders versions: lineage first, then revision. */
export function compareVersions(a: Version, b: Version): -1 | 0 | 1 {
  return compareDecimals(lineageOf(a), lineageOf(b)) || compareDecimals(revisionOf(a), revisionOf(b));
}
