import { defineGame } from "@turnkeep/core";
import * as z from "zod";

const schema = z.strictObject({ schemaVersion: z.literal(1), id: z.uuid(), turn: z.int(), stones: z.int().min(0) });

/** Players take stones in turn: all that Turnkeep has to know of it. */
export const nim = defineGame({
  name: "nim",
  schema,
  schemaVersion: 1,
  idOf: (game) => game.id,
  turnOf: (game) => game.turn,
  resultOf: () => null, // the sample ends its game itself
});

export const newNim = (id: string, stones: number): z.infer<typeof schema> => ({
  schemaVersion: 1,
  id,
  turn: 1,
  stones,
});
