import { expect, test } from "vitest";
import { madeBy, newGameId, useBench, writeOf } from "./testing/fixtures.js";

const bench = useBench();

/** A stranger's value under one of the keys. */
const strange = async (key: string, type: "string" | "list") => {
  const { redis } = bench();
  await redis.del(key);
  await (type === "string" ? redis.set(key, "stranger") : redis.rpush(key, "stranger"));
};

const dirty = async () => {
  const gameId = newGameId();
  const at = await bench().install(gameId);
  const { cache } = bench();
  return { gameId, at: madeBy(await cache.write(gameId, writeOf(at, { flushWithinMs: 0, entries: ["1"] }))) };
};

const claimed = async () => {
  const { copies, absent } = await bench().cache.claim({ limit: 100, hideMs: 0 });
  return { copies: copies.map(({ gameId }) => gameId), absent };
};

test.each(["header", "state"] as const)(
  "a %s key of another type is a copy that is lost: it fails no claim, and its game is loaded again",
  async (which) => {
    const { cache, keyring } = bench();
    const [poisoned, healthy] = [await dirty(), await dirty()];
    await strange(keyring.of(poisoned.gameId)[which], which === "state" ? "list" : "string");
    expect(await claimed()).toEqual({ copies: [healthy.gameId], absent: [poisoned.gameId] });

    await strange(keyring.of(poisoned.gameId)[which], which === "state" ? "list" : "string");
    expect(await cache.read(poisoned.gameId)).toEqual({ kind: "miss" });
    if (which === "header") {
      await strange(keyring.of(poisoned.gameId).header, "string");
      expect(await cache.write(poisoned.gameId, writeOf(poisoned.at))).toEqual({ kind: "miss" });
    }
    const at = await bench().install(poisoned.gameId);
    expect(await cache.write(poisoned.gameId, writeOf(at))).toMatchObject({ kind: "ok" });
    for (const { gameId } of [poisoned, healthy]) await cache.evict(gameId);
  },
);

test.each(["header", "state", "tail", "index"] as const)(
  "a %s key of another type is seen as lost by those who inspect, who change nothing and see the other games",
  async (which) => {
    const { cache, redis, keyring } = bench();
    const [poisoned, healthy] = [await dirty(), await dirty()];
    const key = keyring.of(poisoned.gameId)[which];
    await strange(key, which === "state" ? "list" : "string");
    const seen = await cache.inspect([poisoned.gameId, healthy.gameId], { states: true });
    const isCopy = which === "tail" || which === "index";
    expect(seen.map(({ gameId }) => gameId)).toEqual(isCopy ? [poisoned.gameId, healthy.gameId] : [healthy.gameId]);
    if (which === "tail") expect(seen[0]).toMatchObject({ tailEntries: 0, dirty: true });
    if (which === "index") expect(seen[0]).toMatchObject({ flushAt: null, dirty: true });
    expect(await redis.exists(key)).toBe(1);
    await redis.del(key);
    for (const { gameId } of [poisoned, healthy]) await cache.evict(gameId);
  },
);

test("a tail of another type loses its entries, and nothing of the state", async () => {
  const { cache, keyring } = bench();
  const { gameId, at } = await dirty();
  const { tail } = keyring.of(gameId);
  await strange(tail, "string");
  expect((await cache.claim({ limit: 100, hideMs: 0 })).copies).toMatchObject([{ gameId, version: at, entries: [] }]);
  await strange(tail, "string");
  const next = madeBy(await cache.write(gameId, writeOf(at, { entries: ["2"] })));
  expect(await cache.claimGame(gameId)).toMatchObject({ version: next, entries: ["2"] });
  await strange(tail, "string");
  expect(await cache.ack(gameId, next, 6)).toBe("ok");
  await cache.evict(gameId);
});

test("an index of another type is an empty one: claims and writes go on, and a sweep marks its games again", async () => {
  const { cache, keyring } = bench();
  const [one, two] = [await dirty(), await dirty()];
  const { index } = keyring.of(one.gameId);
  await strange(index, "string");
  expect(await claimed()).toEqual({ copies: [], absent: [] });
  await strange(index, "list");
  expect(await cache.write(one.gameId, writeOf(one.at, { flushWithinMs: 0 }))).toMatchObject({ kind: "ok" });
  expect((await claimed()).copies).toEqual([one.gameId]);
  await strange(index, "string");
  expect(await cache.backlog()).toMatchObject({ games: 0 });
  expect([...(await cache.reindex([one.gameId, two.gameId])).marked].sort()).toEqual([one.gameId, two.gameId].sort());
  for (const { gameId } of [one, two]) {
    await strange(index, "string");
    expect(await cache.evict(gameId)).toBe("ok");
  }
});

test("with a deployment key of another type the next call owns the keys, as after a loss", async () => {
  const { cache, keyring } = bench();
  const { gameId } = await dirty();
  await cache.belongTo("ours");
  await strange(keyring.of(gameId).deployment, "list");
  expect((await claimed()).copies).toEqual([gameId]);
  await cache.evict(gameId);
});
