import { TurnkeepError } from "@turnkeep/core";
import { createVirtualRuntime } from "@turnkeep/core/virtual-runtime";
import { pino } from "pino";
import { expect, test } from "vitest";
import { gameNotFound } from "../refusals.js";
import { servedCardGame } from "../served/served-card-game.js";
import { GameWatches } from "./game-watches.js";

const gameId = "0b9a4f6e-6d1c-4c0e-9a55-2f1f0a3c7d10";
const archived = { gameId, version: null, status: "archived", stale: false, serviceTime: 0, view: {}, result: null };
const log = pino({ level: "silent" });

function endedGame(view: () => Promise<unknown>) {
  const runtime = createVirtualRuntime();
  const manager = {
    watch: () => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(gameNotFound(gameId)) }) }),
    serviceTime: () => 0,
  };
  return { runtime, watches: new GameWatches(servedCardGame, manager as never, { view } as never, log, runtime) };
}

test("a watcher of a game that ends is shown the end, also if history cannot be read at first", async () => {
  let reads = 0;
  const { runtime, watches } = endedGame(async () => {
    reads += 1;
    if (reads === 1) throw new TurnkeepError("StoreUnavailable", "away", { fate: "notDone" });
    return archived;
  });
  const shown: string[] = [];
  let finished = false;
  watches.watch(gameId, {
    viewerId: null,
    show: (_game, text) => void shown.push(text),
    finished: () => {
      finished = true;
    },
  });
  await runtime.advanceUntil(() => finished, 1_000);
  expect(shown.map((text) => JSON.parse(text))).toMatchObject([{ type: "view", status: "archived" }]);
  await runtime.runReady();
  expect(watches.size).toBe(0);
});

test("however many watch as a game ends, its end is read once a viewer", async () => {
  const readFor: (string | null)[] = [];
  const { runtime, watches } = endedGame((async (_game: string, viewerId: string | null) => {
    readFor.push(viewerId);
    return archived;
  }) as never);
  const finished: (string | null)[] = [];
  for (const viewerId of [null, null, "one", "one", null]) {
    watches.watch(gameId, { viewerId, show: () => undefined, finished: () => void finished.push(viewerId) });
  }
  await runtime.runReady();
  expect(finished).toHaveLength(5);
  expect(readFor).toEqual([null, "one"]);
});

test("one state is projected once a viewer; who left is shown nothing more", async () => {
  const loaded = { state: {}, version: "1.1", status: "live", stale: false };
  let projections = 0;
  const served = {
    game: {
      idOf: () => gameId,
      playersOf: () => ["one"],
      viewFor: () => {
        projections += 1;
        return { projections };
      },
    },
  };
  let change: (() => void) | undefined;
  const changed = new Promise<void>((resolve) => {
    change = resolve;
  });
  const manager = {
    async *watch() {
      yield loaded;
      await changed;
      yield { ...loaded, version: "1.2" };
      await new Promise(() => undefined);
    },
    serviceTime: () => 0,
  };
  const runtime = createVirtualRuntime();
  const watches = new GameWatches(served as never, manager as never, {} as never, log, runtime);
  const texts = ["stays", "stays", "leaves"].map((kind) => {
    const shown: string[] = [];
    const leave = watches.watch(gameId, {
      viewerId: kind === "stays" ? null : "one",
      show: (_game, text) => void shown.push(text),
      finished: () => undefined,
    });
    return { shown, leave };
  });
  await runtime.runReady();
  expect(projections).toBe(2);
  expect(texts[0]?.shown).toEqual(texts[1]?.shown);
  texts[2]?.leave();
  change?.();
  await runtime.runReady();
  expect(texts.map(({ shown }) => shown.length)).toEqual([2, 2, 1]);
});
