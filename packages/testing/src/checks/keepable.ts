import { createCodec, isTurnkeepError } from "@turnkeep/core";
import { kept } from "../play/kept.js";
import { type Check, messageOf } from "./check.js";

/** The manager's default: larger states are refused. */
export const maxStateBytes = 1_048_576;

/** Each state passes its schema and survives JSON, and so does each log entry. */
export const statesCanBeKept: Check = ({ game }, { first, steps }) => {
  const codec = createCodec(game, { maxStateBytes });
  try {
    codec.encodeState(kept(first), undefined, { checkSchema: true });
    for (const { made, log } of steps) {
      codec.decodeState(codec.encodeState(made, undefined, { checkSchema: true }).text);
      for (const entry of log) codec.encodeEntry(entry, { checkSchema: true });
    }
    return null;
  } catch (error) {
    if (isTurnkeepError(error, "InvalidState") && error.details.reason === "definition") return null;
    return messageOf(error);
  }
};
