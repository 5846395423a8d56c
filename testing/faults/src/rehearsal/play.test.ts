import { TurnkeepError } from "@turnkeep/core";
import type { GameState } from "@turnkeep/game-state";
import type { GameStateManager } from "@turnkeep/manager";
import { expect, test, vi } from "vitest";
import { leaderFirst } from "./daemon-process.js";
import { Play } from "./play.js";

test("players whose server fails for ever stop when the rehearsal has failed", async () => {
  const update = vi.fn(async () => {
    throw new TurnkeepError("CacheUnavailable", "it is closed", { fate: "notDone" });
  });
  const play = new Play([{ update } as unknown as GameStateManager<GameState>], ["one", "two"], 2);
  await vi.waitFor(() => expect(update.mock.calls.length).toBeGreaterThan(4));
  await play.stop();
  const calls = update.mock.calls.length;
  await play.stop();
  expect(update).toHaveBeenCalledTimes(calls);
});

test("the leader is who holds the lease, and while no one does neither is", () => {
  const daemons: readonly [{ pid: number }, { pid: number }] = [{ pid: 7 }, { pid: 8 }];
  expect(leaderFirst(daemons, "host:7:a1")).toEqual([{ pid: 7 }, { pid: 8 }]);
  expect(leaderFirst(daemons, "host:8:a1")).toEqual([{ pid: 8 }, { pid: 7 }]);
  expect(leaderFirst(daemons, null)).toBe(false);
  expect(leaderFirst(daemons, "host:9:a1")).toBe(false);
});
