import { TurnkeepError } from "@turnkeep/core";
import { pino } from "pino";
import { expect, test } from "vitest";
import { gameNotFound } from "../refusals.js";
import { servedCardGame } from "../served/served-card-game.js";
import { WatchHub } from "./watch-hub.js";

const gameId = "0b9a4f6e-6d1c-4c0e-9a55-2f1f0a3c7d10";
const archived = { gameId, version: null, status: "archived", stale: false, serviceTime: 0, view: {}, result: null };

test("whoever watches a game as it ends is shown the end, also where history cannot be read at first", async () => {
  let reads = 0;
  const manager = {
    watch: () => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(gameNotFound(gameId)) }) }),
    serviceTime: () => 0,
  };
  const service = {
    view: async () => {
      reads += 1;
      if (reads === 1) throw new TurnkeepError("StoreUnavailable", "away", { fate: "notDone" });
      return archived;
    },
  };
  const hub = new WatchHub(servedCardGame, manager as never, service as never, pino({ level: "silent" }));
  const shown: string[] = [];
  await new Promise<void>((resolve) => {
    hub.watch(gameId, { viewerId: null, show: (_game, text) => void shown.push(text), finished: () => resolve() });
  });
  expect(shown.map((text) => JSON.parse(text))).toMatchObject([{ type: "view", status: "archived" }]);
  expect(hub.size).toBe(0);
});
