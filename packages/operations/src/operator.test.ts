import { fixtures } from "@turnkeep/conformance";
import type { GameId } from "@turnkeep/core";
import { createMemoryCache, createMemoryStore } from "@turnkeep/memory";
import { expect, test, vi } from "vitest";
import { readLog } from "./history/read-log.js";
import { planRecovery } from "./plan-recovery.js";
import { watchGame } from "./watch-game.js";

const { createdBy, madeBy, newGameId, newGameOf, rowIn, sealedOf, writeOf } = fixtures;

async function openSides() {
  const [cache, store] = [createMemoryCache(), createMemoryStore()];
  await Promise.all([cache.start(), store.start()]);
  const play = async () => {
    const { gameId } = createdBy(await store.create(newGameOf(newGameId())));
    return { gameId, at: await fixtures.install(cache, rowIn(await store.load(gameId))) };
  };
  /** The game ends, and goes into history. */
  const finish = async (gameId: GameId) => {
    const copy = await fixtures.copyIn(cache, gameId);
    await store.archive({ copy: sealedOf(copy, { entries: [...copy.entries, '"end"'] }) });
    await cache.evict(gameId);
  };
  return { cache, store, play, finish };
}

test("a log is what the store has, then what only the served copy has, then history; each number once", async () => {
  const { cache, store, play, finish } = await openSides();
  const { gameId, at } = await play();
  const made = madeBy(await cache.write(gameId, writeOf(at, { entries: ['"one"', '"two"'] })));
  const numbers = async (from = 1) => {
    const seen: string[] = [];
    for await (const one of readLog({ cache, store }, gameId, { from }))
      seen.push(`${one.seq} ${one.from} ${one.entry}`);
    return seen;
  };
  expect(await numbers()).toEqual(['1 cache "one"', '2 cache "two"']);
  await store.flush([await fixtures.copyIn(cache, gameId)]);
  await cache.ack(gameId, made, 2);
  await cache.write(gameId, writeOf(made, { entries: ['"three"'] }));
  expect(await numbers()).toEqual(['1 store "one"', '2 store "two"', '3 cache "three"']);
  expect(await numbers(3)).toEqual(['3 cache "three"']);
  cache.space.makeUnverified(gameId);
  expect(await numbers()).toEqual(['1 store "one"', '2 store "two"']);
  const other = await play();
  await cache.write(other.gameId, writeOf(other.at, { entries: ['"move"'] }));
  await finish(other.gameId);
  const finished: string[] = [];
  for await (const one of readLog({ cache, store }, other.gameId)) finished.push(`${one.seq} ${one.from}`);
  expect(finished).toEqual(["1 history", "2 history"]);
});

test("a log that is followed goes on with each write, and ends with the game", async () => {
  const { cache, store, play, finish } = await openSides();
  const { gameId, at } = await play();
  let made = madeBy(await cache.write(gameId, writeOf(at, { entries: ['"one"'] })));
  const seen: string[] = [];
  for await (const { seq, entry } of readLog({ cache, store }, gameId, { follow: true, lookEveryMs: 60_000 })) {
    seen.push(`${seq} ${entry}`);
    if (seq === 1) made = madeBy(await cache.write(gameId, writeOf(made, { entries: ['"two"'] })));
    if (seq === 2) await finish(gameId);
  }
  expect(seen).toEqual(['1 "one"', '2 "two"', '3 "end"']);
});

test("a log that is followed reads no history while the game goes on", async () => {
  const { cache, store, play, finish } = await openSides();
  const { gameId, at } = await play();
  const replays = vi.spyOn(store, "readReplay");
  const status = vi.spyOn(store, "status");
  const following = (async () => {
    for await (const _entry of readLog({ cache, store }, gameId, { follow: true, lookEveryMs: 60_000 }));
  })();
  await vi.waitUntil(() => status.mock.calls.length === 1);
  expect(replays).not.toHaveBeenCalled();
  await cache.write(gameId, writeOf(at, { entries: ['"one"'] }));
  await finish(gameId);
  await following;
  expect(replays).toHaveBeenCalledTimes(1);
});

test("a game that is watched is reported at each change, until it is over or the signal fires", async () => {
  const { cache, store, play, finish } = await openSides();
  const { gameId, at } = await play();
  const seen: unknown[] = [];
  const options = { lookEveryMs: 60_000 };
  for await (const { cache: copy, store: row } of watchGame({ cache, store }, gameId, options)) {
    const version = "facts" in copy ? (copy.facts?.version ?? null) : copy.error;
    seen.push([version, "facts" in row ? row.facts?.status : row.error]);
    if (seen.length === 1) await cache.write(gameId, writeOf(at, { entries: [] }));
    if (seen.length === 2) await finish(gameId);
  }
  expect(seen).toEqual([
    [at, "live"],
    [expect.stringMatching(/\.2$/), "live"],
    [null, "archived"],
  ]);
  const stop = new AbortController();
  const other = await play();
  for await (const _seen of watchGame({ cache, store }, other.gameId, { ...options, signal: stop.signal }))
    stop.abort();
});

test("a plan of a recovery counts what is missing, unverified and there, and changes nothing", async () => {
  const { cache, store, play } = await openSides();
  const [missing, unverified] = [await play(), await play(), await play()];
  await cache.evict(missing.gameId);
  cache.space.makeUnverified(unverified.gameId);
  const before = await store.read(missing.gameId);
  const plans = [];
  for await (const plan of planRecovery({ cache, store }, { pageGames: 2 })) plans.push(plan);
  expect(plans.at(-1)).toMatchObject({ games: 3, missing: 1, unverified: 1, there: 1 });
  expect([...(plans.at(-1)?.examples ?? [])].sort()).toEqual([missing.gameId, unverified.gameId].sort());
  expect(await store.read(missing.gameId)).toEqual(before);
});
