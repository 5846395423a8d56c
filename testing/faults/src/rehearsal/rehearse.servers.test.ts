import { expect, test } from "vitest";
import { rehearse } from "./rehearse.js";

test("Redis is wiped under play, the leading daemon is killed while it recovers, and the other one finishes", async () => {
  const games = 2_000;
  const result = await rehearse({ games, onStep: () => undefined });
  expect(result).toMatchObject({ games, poison: { planted: 5, reported: 5 }, lost: [] });
  expect(result.atTheKill).toBeLessThan(games);
  expect(result.firstActions.games).toBeGreaterThan(0);
  expect(result.verified.findings).toEqual([]);
  expect(result.verified.games).toBeGreaterThanOrEqual(games - 5);
});
