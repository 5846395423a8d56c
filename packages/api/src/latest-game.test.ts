import { createVirtualRuntime } from "@turnkeep/core/virtual-runtime";
import { expect, test } from "vitest";
import type { Game } from "./answers.js";
import { LatestGame } from "./latest-game.js";

const game = (records: number, status: Game["status"] = "live"): Game =>
  ({
    gameId: "g",
    version: `1.${records}`,
    status,
    view: { recentActions: records === 0 ? [] : [{ seq: records }] },
  }) as unknown as Game;

test("an older view that comes late is not shown, a newer one and the end are", () => {
  const latest = new LatestGame(game(0));
  latest.offer(game(5));
  latest.offer(game(4));
  expect(latest.current.version).toBe("1.5");
  latest.offer(game(5, "ended"));
  latest.offer(game(6));
  expect(latest.current.status).toBe("ended");
});

test("the next view ends a wait, and so do the bound and a signal; nothing is left behind", async () => {
  const runtime = createVirtualRuntime();
  const latest = new LatestGame(game(1), runtime);
  const stop = new AbortController();
  const first = latest.next(60_000, stop.signal);
  latest.offer(game(2));
  await first;
  const second = latest.next(60_000, stop.signal);
  await runtime.advance(60_000);
  await second;
  const third = latest.next(60_000, stop.signal);
  stop.abort();
  await third;
  await latest.next(60_000, stop.signal);
  expect(latest.current.version).toBe("1.2");
  expect(runtime.untilNextTimerMs()).toBeNull();
});
