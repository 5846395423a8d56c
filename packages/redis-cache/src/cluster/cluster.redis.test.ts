import { fixtures } from "@turnkeep/conformance";
import type { GameId, Version } from "@turnkeep/core";
import type { Cache } from "@turnkeep/core/ports";
import { type RedisCluster, startRedisCluster } from "@turnkeep/dev-services";
import { uniqueName } from "@turnkeep/dev-services/testing";
import { Cluster } from "ioredis";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createRedisCache } from "../index.js";
import { Keyring } from "../keys.js";
import { madeBy, newGameId, patient, rowOf, sealOf, version, writeOf } from "../testing/fixtures.js";

const keyPrefix = `${uniqueName("cluster")}:`;
const games = 40;
let cluster: RedisCluster;
let client: Cluster;
let cache: Cache;
let other: Cache;

beforeAll(async () => {
  cluster = await startRedisCluster();
  client = new Cluster([...cluster.nodes], { lazyConnect: true });
  const make = () => createRedisCache({ client, keyPrefix, advanced: { discoverPartsEveryMs: 0 }, ...patient });
  [cache, other] = [make(), make()];
  await Promise.all([cache.start(), other.start()]);
});

afterAll(async () => {
  await Promise.all([cache?.close(), other?.close()]);
  client?.disconnect();
  await cluster?.stop();
});

const install = (id: GameId): Promise<Version> => fixtures.install(cache, rowOf(id));

/** Games in many slots, so on all nodes, each dirty at 20.6 and due now. */
function dirtyGames(): Promise<GameId[]> {
  return Promise.all(
    Array.from({ length: games }, async () => (await fixtures.dirtyGame(cache, { flushWithinMs: 0 })).gameId),
  );
}

describe("on a Redis Cluster", () => {
  test("the whole life of a game", async () => {
    expect(cache.detectsFailover).toBe(true);
    await cache.ping();
    const id = newGameId();
    const at = await install(id);
    const request = writeOf(at);
    const next = madeBy(await cache.write(id, request));
    expect(await other.write(id, request)).toEqual({ kind: "duplicate", madeVersion: next });
    expect(await other.write(id, writeOf(at))).toEqual({ kind: "conflict", version: next });
    expect(await other.read(id, { known: next })).toEqual({ kind: "same" });
    expect(await other.claimGame(id)).toMatchObject({ version: next, entries: request.entries });
    await other.adopt(id, "20", "21");
    expect(await other.claimGame(id)).toMatchObject({ version: next, fence: "21" });
    const sealed = madeBy(await cache.seal(id, sealOf(next)));
    expect(await cache.evict(id, sealed)).toBe("newer");
    expect(await cache.ack(id, sealed, 6)).toBe("ok");
    expect(await cache.claimGame(id, { onlyDirty: true })).toBeNull();
    expect(await cache.reset(id, "20", rowOf(id, { version: version("30", "1"), fence: "31" }))).toBe(true);
    expect(await cache.evict(id)).toBe("ok");
    expect(await cache.exists(id)).toBe(false);
  });

  test("a claim brings the due games of all slots, also those that another process wrote", async () => {
    const ids = await dirtyGames();
    expect(await other.backlog()).toMatchObject({ games });
    const first = await other.claim({ limit: 15, hideMs: 60_000 });
    expect(first.copies).toHaveLength(15);
    const rest = await cache.claim({ limit: 100, hideMs: 60_000 });
    expect([...first.copies, ...rest.copies].map(({ gameId }) => gameId).sort()).toEqual([...ids].sort());
    expect((await cache.claim({ limit: 100, hideMs: 60_000 })).copies).toEqual([]);
    await Promise.all(ids.map(async (id) => expect(await cache.ack(id, version("20", "6"), 5)).toBe("ok")));
    expect(await cache.backlog()).toEqual({ games: 0, oldestOverdueMs: 0 });
  });

  test("a claim goes on past slots whose games another process has claimed", async () => {
    for (let round = 0; round < 4; round += 1) {
      const ids = await dirtyGames();
      const taken = await other.claim({ limit: games - 3, hideMs: 60_000 });
      const claimed = taken.copies.map(({ gameId }) => gameId);
      for (let more = true; more; ) {
        const reply = await cache.claim({ limit: 100, maxBytes: 1, hideMs: 60_000 });
        claimed.push(...reply.copies.map(({ gameId }) => gameId));
        more = reply.more;
      }
      expect(claimed.sort()).toEqual([...ids].sort());
      await Promise.all(ids.map((id) => cache.evict(id)));
    }
  });

  test("a claim names unverified games, and unmarks absent ones", async () => {
    const [unverified, absent] = [newGameId(), newGameId()];
    const keyring = new Keyring(keyPrefix, true);
    for (const id of [unverified, absent]) await cache.write(id, writeOf(await install(id), { flushWithinMs: 0 }));
    await client.hset(keyring.of(unverified).header, "epoch", "f".repeat(40));
    await client.del(keyring.of(absent).state);
    const request = { limit: 10, hideMs: 60_000 };
    expect(await cache.claim(request)).toMatchObject({ copies: [], unverified: [unverified], absent: [absent] });
    expect(await cache.claim(request)).toMatchObject({ copies: [], unverified: [], absent: [], more: false });
    expect((await cache.reindex([absent, unverified])).marked).toEqual([]);
    await client.zrem(keyring.of(unverified).index, unverified);
    expect((await cache.reindex([absent, unverified])).marked).toEqual([unverified]);
    await cache.evict(unverified);
  });

  test("the bound holds for all slots together", async () => {
    const [id, clean] = [newGameId(), newGameId()];
    const [at, unwritten] = [await install(id), await install(clean)];
    await cache.write(id, writeOf(at));
    await cache.claim({ limit: 1, hideMs: 1_000 });
    expect(await cache.write(clean, writeOf(unwritten, { maxDirtyGames: 1 }))).toEqual({ kind: "backpressure" });
    expect(await cache.write(clean, writeOf(unwritten, { maxDirtyGames: 2 }))).toMatchObject({ kind: "ok" });
    await Promise.all([cache.evict(id), cache.evict(clean)]);
  });

  test("a scan walks over all nodes", async () => {
    const ids = await dirtyGames();
    const found = new Set<string>();
    let cursor: string | null = null;
    do {
      const page: { gameIds: readonly string[]; next: string | null } = await cache.scan({ cursor, limit: 10 });
      for (const id of page.gameIds) found.add(id);
      cursor = page.next;
    } while (cursor !== null);
    expect(ids.filter((id) => !found.has(id))).toEqual([]);
    await Promise.all(ids.map((id) => cache.evict(id)));
  });

  test("changes reach watchers in other processes, from every slot", async () => {
    const ids = Array.from({ length: 10 }, newGameId);
    const heard = new Map<string, string[]>(ids.map((id) => [id, []]));
    await Promise.all(
      ids.map((id) =>
        other.subscribe(
          id,
          (change) => heard.get(id)?.push(change),
          () => undefined,
        ),
      ),
    );
    for (const id of ids) {
      await cache.write(id, writeOf(await install(id)));
      await cache.evict(id);
    }
    await vi.waitFor(() => expect([...heard.values()]).toEqual(ids.map(() => ["20.6", "gone"])));
  });
});
