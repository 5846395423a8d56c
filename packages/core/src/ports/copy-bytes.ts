import { utf8ByteLength } from "../codec/byte-length.js";
import type { UnflushedCopy } from "./records.js";

/** How many bytes of UTF-8 a copy's state and log entries have. */
export function copyBytes({ state, entries }: Pick<UnflushedCopy, "state" | "entries">): number {
  return entries.reduce((bytes, entry) => bytes + utf8ByteLength(entry), utf8ByteLength(state));
}
