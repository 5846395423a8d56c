import { utf8ByteLength } from "../codec/byte-length.js";
import type { StateText, UnflushedCopy } from "./records.js";

/** How many bytes of UTF-8 a copy's state and log entries have. */
export function copyBytes({ state, entries }: Pick<UnflushedCopy, "state" | "entries">): number {
  return entries.reduce((bytes, entry) => bytes + utf8ByteLength(entry), utf8ByteLength(state));
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** The text of a state that may be given as its bytes of UTF-8. */
export function textOfState(state: StateText | Uint8Array): StateText {
  return typeof state === "string" ? state : decoder.decode(state);
}
