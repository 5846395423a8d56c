import { beforeEach, describe, expect, test, vi } from "vitest";
import { madeBy, newGameId, rowOf, sealOf, useBench, version, writeOf } from "./testing/fixtures.js";

const bench = useBench();

/** A dirty game at 20.6 with one log entry (the fifth), due now. */
async function dirtyGame(flushWithinMs = 0) {
  const { cache, install } = bench();
  const id = newGameId();
  const at = madeBy(await cache.write(id, writeOf(await install(id), { flushWithinMs, entries: ['{"n":5}'] })));
  return { id, at };
}

beforeEach(async () => {
  await bench().redis.del(`${bench().prefix}dirty:{0}`);
});

describe("CLAIM", () => {
  test("brings due games, the most overdue first, and hides them for a while", async () => {
    const { cache } = bench();
    const later = await dirtyGame(60_000);
    const first = await dirtyGame();
    const second = await dirtyGame(1);
    const request = { limit: 10, hideMs: 60_000 };
    const { copies, unverified, absent } = await cache.claim({ ...request, dueWithinMs: 10 });
    expect(copies.map(({ gameId }) => gameId)).toEqual([first.id, second.id]);
    expect(copies[0]).toEqual(await cache.claimGame(first.id));
    expect([unverified, absent]).toEqual([[], []]);
    expect((await cache.claim(request)).copies).toEqual([]);
    expect((await cache.claim({ ...request, dueWithinMs: 61_000 })).copies.map(({ gameId }) => gameId)).toContain(
      later.id,
    );
  });

  test("takes at most the limit, and a hidden game is due again once its time is up", async () => {
    const { cache } = bench();
    await Promise.all([dirtyGame(), dirtyGame(), dirtyGame()]);
    expect((await cache.claim({ limit: 2, hideMs: 60_000 })).copies).toHaveLength(2);
    const [third] = (await cache.claim({ limit: 2, hideMs: 0 })).copies;
    expect((await cache.claim({ limit: 2, hideMs: 0 })).copies.map(({ gameId }) => gameId)).toEqual([third?.gameId]);
  });

  test("a write brings a hidden game back in time", async () => {
    const { cache } = bench();
    const { id, at } = await dirtyGame();
    await cache.claim({ limit: 10, hideMs: 60_000 });
    await cache.write(id, writeOf(at, { flushWithinMs: 0 }));
    expect((await cache.claim({ limit: 10, hideMs: 60_000 })).copies.map(({ gameId }) => gameId)).toEqual([id]);
  });

  test("names unverified games, and unmarks those without a copy", async () => {
    const { cache, redis, keyring, makeUnverified, prefix } = bench();
    const [unverified, lost, bare, good] = [await dirtyGame(), await dirtyGame(), await dirtyGame(), await dirtyGame()];
    await makeUnverified(unverified.id);
    await redis.del(keyring.of(lost.id).state);
    await redis.del(keyring.of(bare.id).header);
    const reply = await cache.claim({ limit: 10, hideMs: 60_000 });
    expect(reply.copies.map(({ gameId }) => gameId)).toEqual([good.id]);
    expect(reply.unverified).toEqual([unverified.id]);
    expect([...reply.absent].sort()).toEqual([lost.id, bare.id].sort());
    expect((await redis.zrange(`${prefix}dirty:{0}`, 0, "-1")).sort()).toEqual([good.id, unverified.id].sort());
    expect((await cache.claim({ limit: 10, hideMs: 60_000 })).unverified).toEqual([]);
  });
});

describe("CLAIM-GAME", () => {
  test("takes one game, due or not, and hides nothing", async () => {
    const { cache, redis, prefix } = bench();
    const { id, at } = await dirtyGame(60_000);
    const score = await redis.zscore(`${prefix}dirty:{0}`, id);
    expect(await cache.claimGame(id, { onlyDirty: true })).toMatchObject({ version: at });
    expect(await redis.zscore(`${prefix}dirty:{0}`, id)).toBe(score);
  });

  test("is null where the game is missing, unverified, or clean and only dirty ones are wanted", async () => {
    const { cache, install, makeUnverified } = bench();
    const id = newGameId();
    expect(await cache.claimGame(id)).toBeNull();
    const at = await install(id);
    expect(await cache.claimGame(id)).toMatchObject({ version: at, entries: [] });
    expect(await cache.claimGame(id, { onlyDirty: true })).toBeNull();
    await makeUnverified(id);
    expect(await cache.claimGame(id)).toBeNull();
  });
});

describe("ACK", () => {
  test("of the current version cleans: no mark, an empty tail, and one lifetime", async () => {
    const { cache, redis, keyring, lifetimes, prefix } = bench();
    const { id, at } = await dirtyGame();
    expect(await cache.ack(id, at, 5)).toBe("ok");
    expect(await redis.zscore(`${prefix}dirty:{0}`, id)).toBeNull();
    expect(await redis.exists(keyring.of(id).tail)).toBe(0);
    const [state, header] = await lifetimes(id);
    expect(state).toBeGreaterThan(86_000_000);
    expect(header).toBeGreaterThan(86_000_000);
    expect(await cache.ack(id, at, 5)).toBe("ok");
    expect(await cache.read(id)).toMatchObject({ kind: "hit", copy: { version: at } });
    expect(await cache.claimGame(id)).toMatchObject({ logCount: 5 });
  });

  test("of an older version trims its entries, and leaves mark and deadline", async () => {
    const { cache, redis, lifetimes, prefix } = bench();
    const { id, at } = await dirtyGame();
    const newer = madeBy(await cache.write(id, writeOf(at, { entries: ['{"n":6}', '{"n":7}'] })));
    const score = await redis.zscore(`${prefix}dirty:{0}`, id);
    expect(await cache.ack(id, at, 5)).toBe("newer");
    expect(await cache.claimGame(id)).toMatchObject({ version: newer, logCount: 7, entries: ['{"n":6}', '{"n":7}'] });
    expect(await cache.ack(id, at, 5)).toBe("newer");
    expect(await cache.claimGame(id)).toMatchObject({ entries: ['{"n":6}', '{"n":7}'] });
    expect(await redis.zscore(`${prefix}dirty:{0}`, id)).toBe(score);
    expect(await lifetimes(id)).toEqual([-1, -1, -1]);
  });

  test("of another lineage trims nothing", async () => {
    const { cache } = bench();
    const { id } = await dirtyGame();
    expect(await cache.ack(id, version("19", "6"), 5)).toBe("newer");
    expect(await cache.claimGame(id)).toMatchObject({ entries: ['{"n":5}'] });
    expect(await cache.ack(newGameId(), version("19", "6"), 5)).toBe("newer");
  });
});

describe("ADOPT", () => {
  test("takes a newer fence for the served lineage, never an older one, and keeps the version", async () => {
    const { cache } = bench();
    const { id, at } = await dirtyGame();
    await cache.adopt(id, "20", "9007199254740995");
    expect(await cache.claimGame(id)).toMatchObject({ version: at, fence: "9007199254740995" });
    await cache.adopt(id, "20", "9007199254740994");
    expect(await cache.claimGame(id)).toMatchObject({ fence: "9007199254740995" });
  });

  test("takes the token of a load under way, which may have drawn that fence", async () => {
    const { cache, redis, keyring } = bench();
    const { id } = await dirtyGame();
    const { header } = keyring.of(id);
    await redis.hset(header, "tok", "late", "tgen", (await redis.hget(header, "epoch")) ?? "");
    await cache.adopt(id, "21", "30");
    expect(await redis.hget(header, "tok")).toBe("late");
    await cache.adopt(id, "20", "30");
    expect(await redis.hmget(header, "tok", "tgen")).toEqual([null, null]);
  });

  test("changes nothing for another lineage, a missing and an unverified copy", async () => {
    const { cache, redis, keyring, makeUnverified } = bench();
    const { id } = await dirtyGame();
    const missing = newGameId();
    await cache.adopt(id, "21", "30");
    await cache.adopt(missing, "20", "30");
    await makeUnverified(id);
    await cache.adopt(id, "20", "30");
    expect(await redis.hget(keyring.of(id).header, "fen")).toBe("20");
    expect(await redis.exists(keyring.of(missing).header)).toBe(0);
  });
});

describe("RESET", () => {
  test("replaces a forked copy by the row, clean, and publishes it", async () => {
    const { cache, redis, keyring, prefix } = bench();
    const { id } = await dirtyGame();
    const changes: string[] = [];
    const stop = await cache.subscribe(
      id,
      (change) => changes.push(change),
      () => undefined,
    );
    const row = rowOf(id, { version: version("25", "3"), fence: "26", logCount: 2 });
    expect(await cache.reset(id, "20", row)).toBe(true);
    await vi.waitFor(() => expect(changes).toEqual(["26.3"]));
    stop();
    expect(await cache.claimGame(id)).toMatchObject({ version: "26.3", fence: "26", logCount: 2, entries: [] });
    expect(await cache.claimGame(id, { onlyDirty: true })).toBeNull();
    expect(await redis.exists(keyring.of(id).tail)).toBe(0);
    expect(await redis.zscore(`${prefix}dirty:{0}`, id)).toBeNull();
  });

  test("replaces a copy by a row of a lower lineage too, if that has moved on from where the copy's began", async () => {
    const { cache } = bench();
    const { id } = await dirtyGame();
    expect(await cache.reset(id, "20", rowOf(id, { version: version("10", "6"), fence: "26" }))).toBe(true);
    expect(await cache.claimGame(id)).toMatchObject({ version: "26.6", base: "10.6" });
  });

  test("is false where another lineage is there, nothing is, or the copy has all of the row", async () => {
    const { cache } = bench();
    const { id, at } = await dirtyGame();
    expect(await cache.reset(id, "19", rowOf(id, { version: version("25", "3"), fence: "26" }))).toBe(false);
    expect(await cache.reset(id, "20", rowOf(id, { version: version("20", "3"), fence: "26" }))).toBe(false);
    expect(await cache.reset(id, "20", rowOf(id, { version: version("10", "5"), fence: "26" }))).toBe(false);
    expect(await cache.reset(id, "20", rowOf(id, { version: version("9", "3"), fence: "26" }))).toBe(false);
    expect(await cache.claimGame(id)).toMatchObject({ version: at });
    const missing = newGameId();
    expect(await cache.reset(missing, "20", rowOf(missing, { version: version("25", "3") }))).toBe(false);
  });
});

describe("EVICT", () => {
  test("leaves no key of the game", async () => {
    const { cache, redis, keyring, prefix } = bench();
    const { id } = await dirtyGame();
    expect(await cache.evict(id)).toBe("ok");
    const { state, header, tail } = keyring.of(id);
    expect(await redis.exists(state, header, tail)).toBe(0);
    expect(await redis.zscore(`${prefix}dirty:{0}`, id)).toBeNull();
    expect(await cache.evict(id)).toBe("absent");
  });

  test("of a version goes through only where that is current and clean", async () => {
    const { cache } = bench();
    const { id, at } = await dirtyGame();
    expect(await cache.evict(id, at)).toBe("newer");
    await cache.ack(id, at, 5);
    expect(await cache.evict(id, version("20", "5"))).toBe("newer");
    expect(await cache.evict(id, at)).toBe("ok");
    expect(await cache.evict(id, at)).toBe("absent");
  });

  test("a load under way loses its token, whatever the answer", async () => {
    const { cache, install, makeUnverified } = bench();
    const [absent, newer] = [newGameId(), newGameId()];
    await cache.read(absent, { token: "load" });
    expect(await cache.evict(absent)).toBe("absent");
    expect(await cache.install(absent, "load", rowOf(absent))).toEqual({ kind: "tokenLost" });
    await install(newer);
    await makeUnverified(newer);
    await cache.read(newer, { token: "load" });
    expect(await cache.evict(newer, version("1", "1"))).toBe("newer");
    expect(await cache.install(newer, "load", rowOf(newer))).toEqual({ kind: "tokenLost" });
  });
});

describe("the sweeps' calls", () => {
  test("REINDEX marks dirty games that are missing from the index, due now", async () => {
    const { cache, redis, install, prefix } = bench();
    const [lost, marked] = [await dirtyGame(60_000), await dirtyGame(60_000)];
    const clean = newGameId();
    await install(clean);
    await redis.zrem(`${prefix}dirty:{0}`, lost.id);
    expect((await cache.reindex([lost.id, marked.id, clean, newGameId()])).marked).toEqual([lost.id]);
    expect((await cache.claim({ limit: 10, hideMs: 60_000 })).copies.map(({ gameId }) => gameId)).toEqual([lost.id]);
  });

  test("the backlog counts dirty games and says how late the latest is", async () => {
    const { cache, redis, prefix } = bench();
    expect(await cache.backlog()).toEqual({ games: 0, oldestOverdueMs: 0 });
    const { id } = await dirtyGame(60_000);
    await dirtyGame(60_000);
    expect(await cache.backlog()).toEqual({ games: 2, oldestOverdueMs: 0 });
    const { lastActionAt = 0 } = (await cache.claimGame(id)) ?? {};
    await redis.zadd(`${prefix}dirty:{0}`, lastActionAt - 5_000, id);
    const { oldestOverdueMs } = await cache.backlog();
    expect(oldestOverdueMs).toBeGreaterThanOrEqual(5_000);
    expect(oldestOverdueMs).toBeLessThanOrEqual((await cache.now()) - lastActionAt + 5_000);
  });

  test("SCAN finds each game with a state, and nothing else", async () => {
    const { cache, redis, install, prefix } = bench();
    const ids = await Promise.all(
      Array.from({ length: 30 }, async () => {
        const id = newGameId();
        await install(id);
        return id;
      }),
    );
    await redis.set(`${prefix}game:not-an-id`, "{}");
    const found = new Set<string>();
    let cursor: string | null = null;
    do {
      const page: { gameIds: readonly string[]; next: string | null } = await cache.scan({ cursor, limit: 10 });
      for (const id of page.gameIds) found.add(id);
      cursor = page.next;
    } while (cursor !== null);
    expect(ids.filter((id) => !found.has(id))).toEqual([]);
    expect([...found].filter((id) => id.length !== 36)).toEqual([]);
    await expect(cache.scan({ cursor: "elsewhere", limit: 10 })).rejects.toMatchObject({ code: "InvalidInput" });
  });

  test("EXISTS says that a state is there, unverified or not", async () => {
    const { cache, install, makeUnverified } = bench();
    const id = newGameId();
    await cache.read(id, { token: "load" });
    expect(await cache.exists(id)).toBe(false);
    await install(id);
    await makeUnverified(id);
    expect(await cache.exists(id)).toBe(true);
  });

  test("a sealed copy is flushed like others", async () => {
    const { cache, install } = bench();
    const id = newGameId();
    const sealed = madeBy(await cache.seal(id, sealOf(await install(id), { flushWithinMs: 0 })));
    const { copies } = await cache.claim({ limit: 10, hideMs: 60_000 });
    expect(copies).toMatchObject([{ gameId: id, status: "ended", version: sealed }]);
    expect(await cache.ack(id, sealed, 5)).toBe("ok");
  });
});
