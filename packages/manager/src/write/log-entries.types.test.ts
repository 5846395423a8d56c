import {
  alice,
  type Counter,
  type CounterView,
  counterGame,
  counterSchema,
  facts,
  newCounter,
} from "@turnkeep/conformance/counter-game";
import { defineGame } from "@turnkeep/core";
import { createMemoryCache, createMemoryStore } from "@turnkeep/memory";
import { afterEach, expect, test } from "vitest";
import * as z from "zod";
import { createGameStateManager } from "../create-manager.js";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const entrySchema = z.strictObject({ kind: z.literal("move"), to: z.strictObject({ square: z.string().max(2) }) });
type Entry = z.infer<typeof entrySchema>;
const game = defineGame<Counter, CounterView, Entry>({ ...counterGame, schema: counterSchema, logEntry: entrySchema });

async function start(validateWrites: "every" | "turns" | "never" = "every") {
  const manager = createGameStateManager({
    ...{ game, cache: createMemoryCache(), store: createMemoryStore() },
    ...{ runFlusher: false, validateWrites },
  });
  await manager.start();
  closing.push(() => manager.close());
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  const log = (square: string) =>
    manager.update(gameId, (state) => ({
      state,
      log: [
        { kind: "move", to: { square: "a1" } },
        { kind: "move", to: { square } },
      ],
    }));
  return { manager, gameId, log };
}

test.each(["every", "turns"] as const)(
  "validateWrites %s: an entry that breaks its schema is refused, and nothing is written",
  async (validateWrites) => {
    const { manager, gameId, log } = await start(validateWrites);
    const refused: unknown = await log("a secret square").catch((error: unknown) => error);
    expect(refused).toMatchObject({
      code: "InvalidLogEntry",
      details: { gameId, reason: "schema", path: "$[1].to.square" },
    });
    expect(String(refused)).not.toContain("secret");
    const unkept = manager.update(gameId, (state) => ({
      state,
      log: [{ kind: "move", to: { square: undefined as never } }],
    }));
    await expect(unkept).rejects.toMatchObject({ code: "InvalidLogEntry", details: { path: "$[0].to.square" } });
    expect(await manager.getLog(gameId)).toEqual([]);
    expect((await log("b2")).written).toBe(true);
  },
);

test("validateWrites never asks no schema of an entry", async () => {
  const { manager, gameId, log } = await start("never");
  await log("far away");
  expect(await manager.getLog(gameId)).toHaveLength(2);
});

test("a replay has the types of its game's definition: views and log entries", async () => {
  const { manager, gameId, log } = await start();
  await log("b2");
  // @ts-expect-error no entry of this game
  await expect(manager.update(gameId, (state) => ({ state, log: [{ kind: "jump" }] }))).rejects.toThrow();
  await manager.endGame(gameId, { endReason: "draw", winnerIds: [], winnerIsNpc: false });
  const replay = await manager.getReplay(gameId, { playerId: alice });
  const squares: string[] | undefined = replay?.log?.map(({ to }) => to.square);
  const secret: string | null | undefined = replay?.finalView?.secret;
  expect([squares, secret]).toEqual([["a1", "b2"], "word-of-alice"]);
  const states = await manager.getReplayStates(gameId);
  expect(states?.log[0]?.to.square).toBe("a1");
  const [first] = await manager.getLog(gameId);
  expect(first?.kind).toBe("move");
  // @ts-expect-error a view has what the definition shows
  expect(replay?.finalView?.players).toBeUndefined();
});
