import { defineGame } from "@turnkeep/core";
import * as z from "zod";

const schema = z.strictObject({
  schemaVersion: z.literal(2),
  id: z.uuid(),
  turn: z.int(),
  stones: z.int().min(0),
  atOnce: z.int().min(1), // new: how many stones may be taken at once
});

export const nim = defineGame({
  name: "nim",
  schema,
  schemaVersion: 2,
  upcasters: {
    1: (document) => ({ ...document, schemaVersion: 2, atOnce: 3 }),
  },
  idOf: (game) => game.id,
  turnOf: (game) => game.turn,
  resultOf: () => null,
});
