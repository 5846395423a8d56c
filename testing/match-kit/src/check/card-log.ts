import { cardRules, logEntrySchema } from "@turnkeep/card-rules";
import { createCodec, type JsonValue } from "@turnkeep/core";
import { cardGame } from "@turnkeep/game-state";
import * as z from "zod";
import { tally } from "../tally.js";
import type { LogReader } from "./check.js";
import type { HistoryRow } from "./evidence.js";

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
    isSystems: (entry) => {
      const first = writtenSchema.safeParse(entry).data?.entries[0];
      return logEntrySchema.safeParse(first).data?.action.type === "timeOut";
    },
    replay(initialState, log) {
      const entries = log.flatMap((entry): readonly JsonValue[] => writtenSchema.parse(entry).entries);
      const final = entries.reduce(cardRules.replay, codec.decodeState(initialState));
      return codec.encodeState(final).text;
    },
  };
}

/** What was played, for people to read: how often each end reason, and each kind of action, NPCs' and the system's too. */
export interface Played {
  readonly endings: Readonly<Record<string, number>>;
  readonly actions: Readonly<Record<string, number>>;
}

const endedSchema = z.looseObject({ result: z.looseObject({ reason: z.string() }) });

export function playedIn(history: readonly HistoryRow[]): Played {
  const endings = history.map(({ finalState }) => endedSchema.parse(JSON.parse(finalState)).result.reason);
  const entries = history.flatMap(({ log }) => log.flatMap((entry) => writtenSchema.parse(entry).entries));
  return { endings: tally(endings), actions: tally(entries.map((entry) => logEntrySchema.parse(entry).action.type)) };
}
