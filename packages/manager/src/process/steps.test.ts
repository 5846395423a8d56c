import { counterGame, facts, newCounter, nextTurn } from "@turnkeep/conformance/counter-game";
import { createMemoryCache, createMemoryStore } from "@turnkeep/memory";
import { expect, test } from "vitest";
import { createGameStateManager } from "../create-manager.js";
import type { StepName } from "./steps.js";

test("every step of a call is told, before and after, and waited for", async () => {
  const steps: StepName[] = [];
  const manager = createGameStateManager({
    game: counterGame,
    cache: createMemoryCache(),
    store: createMemoryStore(),
    runFlusher: false,
    async onStep(step) {
      await Promise.resolve();
      steps.push(step);
    },
  });
  await manager.start();
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  steps.length = 0;
  await manager.update(gameId, nextTurn);
  expect(steps).toEqual(
    ["cache.write", "cache.claimGame", "store.flush", "cache.ack"].flatMap((step) => [
      `before ${step}`,
      `after ${step}`,
    ]),
  );
  await manager.close();
});

test("a step that is made to fail is not taken", async () => {
  const stop = new Error("stopped here");
  let stopping = false;
  const manager = createGameStateManager({
    game: counterGame,
    cache: createMemoryCache(),
    store: createMemoryStore(),
    runFlusher: false,
    onStep(step) {
      if (stopping && step === "before cache.write") throw stop;
    },
  });
  await manager.start();
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  stopping = true;
  await expect(manager.update(gameId, nextTurn)).rejects.toBe(stop);
  stopping = false;
  expect((await manager.loadState(gameId))?.state.turn).toBe(1);
  await manager.close();
});
