import { assertGameId } from "@turnkeep/core";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { commands, managers, slots } from "./commands.js";
import { liveGames, logOf, type Model, newModel } from "./model.js";
import { Real } from "./real.js";

/*
 * Random sequences of calls, by several managers on a real Redis and a real Postgres, against a model that is simple
 * enough to be believed. A sequence that fails is shrunk to the shortest one that still does.
 * MODEL_RUNS=400 makes it a long run; MODEL_SEED takes a seed that a failure printed.
 */

const numRuns = Number(process.env.MODEL_RUNS ?? 30);
const seed = Number(process.env.MODEL_SEED ?? 7);

let real: Real;
let operations = 0;
beforeAll(async () => {
  real = await Real.open(managers);
});
afterAll(() => real.close());

/** In the end everything is in Postgres, with its log. Then the games are deleted, so that the next sequence finds none. */
async function checkAll(model: Model): Promise<void> {
  const [manager] = real.managers;
  if (manager === undefined) throw new Error("no manager");
  await manager.recoverActiveGames();
  await real.flushAll(manager);
  for (const [slot, game] of model.games.entries()) {
    if (game.status !== "live") continue;
    const gameId = real.gameIds[slot] ?? "";
    expect((await manager.loadFromDb(gameId))?.state.moves).toEqual(game.moves);
    expect(await manager.getLog(gameId)).toEqual(logOf(game));
    await manager.deleteGame(gameId);
  }
  expect(liveGames(model).length + (await manager.getActiveGameCount())).toBe(liveGames(model).length);
}

test(`managers do as a simple model says, in ${numRuns} random sequences of calls and losses`, async () => {
  const sequences = fc.commands([...commands], { maxCommands: 60, size: "max" });
  await fc.assert(
    fc.asyncProperty(sequences, async (sequence) => {
      let model = newModel(slots);
      real.newGames(slots);
      try {
        await fc.asyncModelRun(() => {
          model = newModel(slots);
          return { model, real };
        }, sequence);
        await checkAll(model);
      } finally {
        operations += [...sequence].filter((each) => "hasRan" in each && each.hasRan).length;
        await Promise.all(real.gameIds.map((gameId) => real.store.remove(assertGameId(gameId))));
        await real.wipe();
      }
    }),
    { numRuns, seed, endOnFailure: false },
  );
  expect(operations).toBeGreaterThan(numRuns * 10);
  console.log(`${operations} operations`);
}, 3_600_000);
