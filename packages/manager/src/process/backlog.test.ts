import { facts, move, newCounter } from "@turnkeep/conformance/counter-game";
import { TurnkeepError } from "@turnkeep/core";
import type { Store } from "@turnkeep/core/ports";
import { createVirtualRuntime, type VirtualRuntime } from "@turnkeep/core/virtual-runtime";
import { afterEach, expect, test } from "vitest";
import { openWorld, type Server, type World } from "../test/support/world.js";

/* A whole manager in virtual time, over a store that takes one game after the other. */

const flushWithinMs = 1_000;
const stepMs = 50;

let world: World;
let runtime: VirtualRuntime;
afterEach(async () => {
  const closed = world.close();
  await runtime.advance(60_000);
  await closed;
});

type Scene = Server & { readonly pace: Pace; readonly ids: readonly string[] };

interface Pace {
  /** How long the store needs for a game; `null`: it does not answer. */
  msForGame: number | null;
}

async function scene(pace: Pace, games: number): Promise<Scene> {
  runtime = createVirtualRuntime();
  world = await openWorld(runtime.wallClockMs);
  const storeThrough = <Tx>(store: Store<Tx>): Store<Tx> => oneByOne(store, pace);
  const settings = { runFlusher: true, flushWithinMs, breakAfterFailures: 3 };
  const server = await world.server(settings, { runtime, storeThrough });
  const ids: string[] = [];
  for (let n = 0; n < games; n++) ids.push((await server.manager.createGame(newCounter(), facts)).state.gameId);
  return { ...server, pace, ids };
}

/** The store as one connection that needs so long for every game. */
function oneByOne<Tx>(store: Store<Tx>, pace: Pace): Store<Tx> {
  const take = (ms: number) => new Promise<void>((resolve) => runtime.schedule(resolve, ms));
  let free = Promise.resolve();
  return Object.assign(Object.create(store) as Store<Tx>, {
    flush(...args: Parameters<Store<Tx>["flush"]>) {
      const flushed = free.then(async () => {
        if (pace.msForGame === null) throw away();
        await take(pace.msForGame * args[0].length);
        return store.flush(...args);
      });
      free = flushed.then(
        () => undefined,
        () => undefined,
      );
      return flushed;
    },
    async ping() {
      if (pace.msForGame === null) throw away();
    },
  });
}

const away = () => new TurnkeepError("StoreUnavailable", "away", { fate: "unknown", reason: "away" });

/** Writes one game after the other, so many in a second whatever the answers, and looks how late the store is meanwhile. */
async function play({ manager, ids }: Scene, writesPerSecond: number, forMs: number) {
  const seen = { written: 0, refused: 0, slowestMs: 0, oldestOverdueMs: 0 };
  const writes: Promise<void>[] = [];
  const write = async (gameId: string) => {
    const began = runtime.monotonicMs();
    try {
      await manager.update(gameId, move("a"));
      seen.written += 1;
    } catch (error) {
      expect(error).toMatchObject({ code: "Backpressure", details: { what: "writes" } });
      seen.refused += 1;
    }
    seen.slowestMs = Math.max(seen.slowestMs, runtime.monotonicMs() - began);
  };
  for (let ms = 0; ms < forMs; ms += stepMs) {
    for (let n = 0; n < (writesPerSecond * stepMs) / 1_000; n++)
      writes.push(write(ids[writes.length % ids.length] ?? ""));
    await runtime.advance(stepMs);
    seen.oldestOverdueMs = Math.max(seen.oldestOverdueMs, (await manager.backlog()).oldestOverdueMs);
  }
  await runtime.advance(4 * flushWithinMs);
  await Promise.all(writes);
  return seen;
}

test("a load that the store can take is not slowed, and is flushed in time", async () => {
  const seen = await play(await scene({ msForGame: 2 }, 400), 200, 3_000);
  expect(seen).toMatchObject({ written: 600, refused: 0, slowestMs: 0 });
  expect(seen.oldestOverdueMs).toBeLessThan(flushWithinMs / 2);
});

test("past what the store takes writes are slowed, then refused, and all that are admitted are flushed within twice the lag", async () => {
  const server = await scene({ msForGame: 5 }, 800);
  const late: number[] = [];
  server.manager.events.on("flush:late", ({ oldestOverdueMs }) => late.push(oldestOverdueMs));
  const seen = await play(server, 500, 4_000);
  expect(seen.written + seen.refused).toBe(2_000);
  expect(seen.written).toBeGreaterThan(600);
  expect(seen.refused).toBeGreaterThan(400);
  expect(seen.slowestMs).toBeGreaterThan(flushWithinMs / 2);
  expect(seen.slowestMs).toBeLessThanOrEqual(flushWithinMs);
  expect(seen.oldestOverdueMs).toBeLessThanOrEqual(flushWithinMs);
  expect(late).toEqual([]);
  expect(await server.manager.backlog()).toMatchObject({ games: 0 });
});

test("while the store is away play goes on, and what has waited is flushed afterwards without a refusal", async () => {
  const server = await scene({ msForGame: 2 }, 400);
  await play(server, 100, 1_000);
  server.pace.msForGame = null;
  const during = await play(server, 100, 5_000);
  expect(during).toMatchObject({ written: 500, refused: 0 });
  expect(during.oldestOverdueMs).toBeGreaterThan(flushWithinMs);
  server.pace.msForGame = 2;
  expect(await play(server, 100, 3_000)).toMatchObject({ written: 300, refused: 0 });
  expect(await server.manager.backlog()).toMatchObject({ games: 0 });
});
