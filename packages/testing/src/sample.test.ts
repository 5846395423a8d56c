import { defineGame } from "@turnkeep/core";
import { expect, test } from "vitest";
import * as z from "zod";
import { checkGame, simulate } from "./index.js";

const schema = z.strictObject({ schemaVersion: z.literal(1), id: z.uuid(), turn: z.int(), stones: z.int().min(0) });

const nim = defineGame({
  name: "nim",
  schema,
  schemaVersion: 1,
  idOf: ({ id }) => id,
  turnOf: ({ turn }) => turn,
  playersOf: () => ["ann", "bob"],
  resultOf: ({ turn, stones }) =>
    stones > 0 ? null : { endReason: "empty", winnerIds: [turn % 2 === 0 ? "ann" : "bob"], winnerIsNpc: false },
});

type Nim = z.infer<typeof nim.schema>;

/** How it is played: the rules, as the server calls them in `manager.update`. */
const rules = {
  newGame: (id: string): Nim => ({ schemaVersion: 1, id, turn: 1, stones: 21 }),
  legalMoves: ({ stones }: Nim) => [1, 2, 3].filter((taken) => taken <= stones),
  play: (state: Nim, taken: number): Nim => ({ ...state, turn: state.turn + 1, stones: state.stones - taken }),
};

test("nim owes nothing", async () => {
  await checkGame(nim, rules);
});

test("a month of nim survives fifty crashes", async () => {
  expect(await simulate(nim, rules, { days: 30, crashes: 50 })).toMatchObject({ crashes: 50 });
});
