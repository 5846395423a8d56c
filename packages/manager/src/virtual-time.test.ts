import { type Counter, facts, move, newCounter, nextTurn } from "@turnkeep/conformance/counter-game";
import { createVirtualRuntime } from "@turnkeep/core/virtual-runtime";
import { expect, test } from "vitest";
import { openWorld } from "./test/support/world.js";

const minuteMs = 60_000;

/** The player loses the turn, and the next one has two minutes. */
const loseTurn = (state: Counter, serviceMs: number) => ({ ...nextTurn(state), due: serviceMs + 2 * minuteMs });

test("a quarter of an hour of play, with the cache lost twice and a new server each time, passes in virtual time", async () => {
  const runtime = createVirtualRuntime();
  const world = await openWorld(runtime.wallClockMs);
  const startServer = () => world.server({ runFlusher: true, runServiceClock: true }, { runtime });
  let { manager } = await startServer();
  const { gameId } = (await manager.createGame(newCounter(undefined, { due: 2 * minuteMs }), facts)).state;
  const turns = { played: 0, lost: 0 };

  for (let minute = 1; minute <= 15; minute++) {
    await manager.update(gameId, move(`minute ${minute}`));
    // Half of the time the player ends the turn in time.
    if (minute % 4 < 2) {
      await manager.update(gameId, (state) => ({ ...nextTurn(state), due: manager.serviceTime() + 2 * minuteMs }));
      turns.played += 1;
    }
    await runtime.advance(minuteMs);
    turns.lost += (await manager.enforceDeadlines(loseTurn)).enforced;
    const kept = JSON.parse((await world.row(gameId)).state) as Counter;
    expect(kept.moves).toContain(`minute ${minute}`);
    if (minute % 7 === 0) {
      await world.loseCache();
      ({ manager } = await startServer());
    }
  }

  const loaded = await manager.loadState(gameId);
  expect(loaded?.state.turn).toBe(1 + turns.played + turns.lost);
  expect(turns.lost).toBeGreaterThan(1);
  expect(runtime.monotonicMs()).toBe(15 * minuteMs);
  await world.close();
});
