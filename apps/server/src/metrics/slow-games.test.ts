import { createVirtualRuntime } from "@turnkeep/core/virtual-runtime";
import { expect, test } from "vitest";
import { SlowGames } from "./slow-games.js";

const idOf = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;

test("of any number of games the ten slowest are kept, each with its slowest action, for a minute at most", async () => {
  const runtime = createVirtualRuntime();
  const slow = new SlowGames(runtime);
  for (let n = 0; n < 1_000; n += 1) slow.add(idOf(n), n + 0.4);
  slow.add(idOf(999), 1);
  slow.add("no id", 5_000);
  expect(slow.list()).toEqual(Array.from({ length: 10 }, (_, n) => ({ gameId: idOf(999 - n), slowestMs: 999 - n })));
  await runtime.advance(30_000);
  slow.add(idOf(1), 3_000);
  slow.add(idOf(998), 7);
  expect(slow.list().slice(0, 3)).toEqual([
    { gameId: idOf(1), slowestMs: 3_000 },
    { gameId: idOf(999), slowestMs: 999 },
    { gameId: idOf(998), slowestMs: 998 },
  ]);
  expect(slow.list()).toHaveLength(10);
  await runtime.advance(30_000);
  expect(slow.list()).toEqual([
    { gameId: idOf(1), slowestMs: 3_000 },
    { gameId: idOf(998), slowestMs: 7 },
  ]);
  await runtime.advance(65_000);
  expect(slow.list()).toEqual([]);
});
