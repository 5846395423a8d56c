import { cardRules } from "@turnkeep/card-rules";
import { cardGame } from "@turnkeep/game-state";
import { createCodec, type JsonValue } from "@turnkeep/game-state/core";
import * as z from "zod";
import type { LogReader } from "./check.js";

/** An entry of the log as the server writes it: one for each write, with what the rules logged. */
const writtenSchema = z.strictObject({
  playerId: z.string(),
  writeId: z.string(),
  entries: z.array(z.json()),
});

/** Reads and replays the logs of the card game with the same rules and the same codec as the server. */
export function cardLogReader(): LogReader {
  const codec = createCodec(cardGame, { maxStateBytes: 64 * 1_048_576 });
  return {
    writeIdOf: (entry) => writtenSchema.safeParse(entry).data?.writeId ?? null,
    replay(initialState, log) {
      const entries = log.flatMap((entry): readonly JsonValue[] => writtenSchema.parse(entry).entries);
      const final = entries.reduce(cardRules.replay, codec.decodeState(initialState));
      return codec.encodeState(final).text;
    },
  };
}
