import type { GameAnswer } from "@turnkeep/api/schemas";
import { expect, test } from "vitest";
import { LiveGames } from "./live-games.js";

function games(statuses: Record<string, GameAnswer["status"]>, stored: readonly string[] = []) {
  let now = 0;
  let views = 0;
  const live = new LiveGames({
    service: {
      view: async (gameId) => {
        views += 1;
        const status = statuses[gameId];
        if (status === undefined) throw new Error("cannot be shown");
        return { gameId, version: null, status, stale: false, serviceTime: 0, view: null, result: null };
      },
    },
    listLive: async () => stored,
    runtime: { monotonicMs: () => now },
  });
  return {
    live,
    later: (ms: number) => {
      now += ms;
    },
    shown: async () => (await live.list()).map(({ gameId }) => gameId),
    views: () => views,
  };
}

test("games that moved last come first, then others of the store, each once", async () => {
  const { live, shown } = games({ a: "live", b: "live", c: "live" }, ["c", "a"]);
  live.touch("a");
  live.touch("b");
  live.touch("a");
  expect(await shown()).toEqual(["a", "b", "c"]);
});

test("a game that is over, or cannot be shown, hides no other", async () => {
  const { live, shown } = games({ a: "live", b: "archived" }, ["broken", "a"]);
  live.touch("a");
  live.touch("b");
  live.touch("broken");
  expect(await shown()).toEqual(["a"]);
});

test("at most eight are shown, and a crowd costs one look a second", async () => {
  const ids = Array.from({ length: 20 }, (_, index) => `g${index}`);
  const { shown, later, views } = games(Object.fromEntries(ids.map((id) => [id, "live"])), ids);
  const lists = await Promise.all([shown(), shown(), shown()]);
  expect(lists[0]).toHaveLength(8);
  expect(views()).toBe(8);
  later(1_000);
  await shown();
  expect(views()).toBe(16);
});
