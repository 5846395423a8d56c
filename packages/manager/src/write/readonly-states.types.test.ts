import { defineGame } from "@turnkeep/core";
import { createMemoryCache, createMemoryStore } from "@turnkeep/memory";
import { expect, test } from "vitest";
import * as z from "zod";
import { createGameStateManager } from "../create-manager.js";

/** A game with all that JSON can hold, and one whole field of any JSON. */
const race = defineGame({
  name: "race",
  schema: z.strictObject({
    schemaVersion: z.literal(1),
    id: z.string(),
    turn: z.int(),
    start: z.tuple([z.int(), z.int()]),
    runners: z.array(z.strictObject({ name: z.string().brand("Name"), steps: z.array(z.int()) })),
    scores: z.record(z.string(), z.int()),
    notes: z.json().optional(),
  }),
  schemaVersion: 1,
  idOf: (state) => state.id,
  // @ts-expect-error a definition's function changes nothing
  turnOf: (state) => state.turn++,
  playersOf: (state) => {
    // @ts-expect-error nor deep down
    state.runners.sort();
    return state.runners.map(({ name }) => name);
  },
  resultOf: () => null,
});
const name = z.string().brand("Name").parse("ada");
const newRace = (id: string) => ({
  schemaVersion: 1 as const,
  id,
  turn: 1,
  start: [0, 0] satisfies [number, number],
  runners: [{ name, steps: [] }],
  scores: {},
  notes: { any: ["json"] },
});

/** Checked by the compiler alone: an action that changes a frozen state fails at run time as well. */
async function play(): Promise<void> {
  const manager = createGameStateManager({ game: race, cache: createMemoryCache(), store: createMemoryStore() });
  const { state } = await manager.createGame(newRace(crypto.randomUUID()), { gameType: "sprint" });
  await manager.update(state.id, (game) => {
    // @ts-expect-error a field
    game.turn++;
    // @ts-expect-error an item
    game.runners.push({ name, steps: [] });
    // @ts-expect-error a field of an item
    for (const runner of game.runners) runner.name = name;
    // @ts-expect-error a tuple
    game.start[0] = 1;
    // @ts-expect-error a record
    game.scores.ada = 1;
    return game;
  });
  // What makes a new state needs no cast: spreads, maps, tuples, records.
  await manager.update(state.id, (game) => ({
    ...game,
    turn: game.turn + 1,
    start: [game.start[0] + 1, game.start[1]],
    runners: game.runners.map((runner) => ({ ...runner, steps: [...runner.steps, 1] })),
    scores: { ...game.scores, ada: (game.scores.ada ?? 0) + 1 },
    notes: [game.notes ?? null, "more"],
  }));
  await manager.saveToCache({ ...state, turn: 2 });
  // @ts-expect-error nor what was loaded
  state.turn = 3;
}

test("a state cannot be changed in place: the compiler says so", () => {
  expect(play).toBeTypeOf("function");
});
