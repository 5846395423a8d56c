import { type Counter, facts, newCounter } from "@turnkeep/conformance/counter-game";
import type { ClaimReply } from "@turnkeep/core/ports";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openWorld, type World } from "../test/support/world.js";

let now = 1_700_000_000_000;
let world: World;
beforeEach(async () => {
  world = await openWorld(() => now);
});
afterEach(() => world.close());

test("no claim brings more than may be on its way to the store at once, but one game at least", async () => {
  const claims: number[] = [];
  const limits = { flushBatchBytes: 30_000, flushesInFlight: 2 };
  const { manager, cache } = await world.server({ ...limits, flushWithinMs: 10 });
  const sizes = [100_000, 10_000, 10_000, 10_000, 10_000, 10_000, 10_000, 10_000, 200_000, 200_000];
  for (const size of sizes) {
    const { gameId } = (await manager.createGame(newCounter(), facts)).state;
    await manager.update(gameId, (state: Counter) => ({ state: { ...state }, log: [{ note: "x".repeat(size) }] }));
  }
  cache.on("claim", async (call) => {
    const reply = (await call()) as ClaimReply;
    const bytes = reply.copies.flatMap(({ state, entries }) => [state, ...entries]).map((text) => text.length);
    claims.push(bytes.reduce((sum, one) => sum + one, 0));
    return reply;
  });
  now += 20;
  expect(await manager.flushDue()).toMatchObject({ written: sizes.length, failed: 0 });
  expect(Math.max(...claims)).toBeLessThan(60_000 + 210_000);
  expect(claims.length).toBeGreaterThanOrEqual(3);
});
