import { TurnkeepError } from "./errors.js";
import type { Version } from "./version.js";

/** Names one write, so that a retry is recognised: 8 to 64 characters of `A–Z a–z 0–9 _ -`, chosen by the client. */
export type WriteId = string;

/**
 * The last writes of a game with the version that each made, newest last, as text: `"<writeId>@<version> …"`.
 * It travels with the state through cache and store, which keep it as it is; `""` is none.
 */
export type WriteIds = string;

/** How many writes of a game are remembered. */
export const rememberedWrites = 16;

const writeIdPattern = /^[A-Za-z0-9_-]{8,64}$/;

/** @throws InvalidInput */
export function assertWriteId(value: unknown): WriteId {
  if (typeof value === "string" && writeIdPattern.test(value)) return value;
  throw new TurnkeepError("InvalidInput", "a write id has 8 to 64 characters of A-Z a-z 0-9 _ -", {
    issues: ["writeId"],
  });
}

/** The version that this write made, or `null` if it is not (or no longer) remembered. */
export function findWrite(writeIds: WriteIds, writeId: WriteId): Version | null {
  const padded = ` ${writeIds}`;
  const start = padded.lastIndexOf(` ${writeId}@`);
  if (start < 0) return null;
  const end = padded.indexOf(" ", start + 1);
  return padded.slice(start + writeId.length + 2, end < 0 ? undefined : end) as Version;
}

/** The list with this write appended, the oldest forgotten past {@link rememberedWrites}. */
export function rememberWrite(writeIds: WriteIds, writeId: WriteId, version: Version): WriteIds {
  const entries = writeIds === "" ? [] : writeIds.split(" ");
  return [...entries, `${writeId}@${version}`].slice(-rememberedWrites).join(" ");
}
