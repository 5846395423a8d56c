import { describe, expect, onTestFinished, test, vi } from "vitest";
import { createRedisCache } from "./index.js";
import { newGameId, patient, rowOf, useBench, version, writeOf } from "./testing/fixtures.js";

const bench = useBench();

describe("READ", () => {
  test("a game that was never loaded is a miss, and begins nothing without a token", async () => {
    const { cache, redis, keyring } = bench();
    const id = newGameId();
    expect(await cache.read(id)).toEqual({ kind: "miss" });
    expect(await redis.exists(keyring.of(id).header)).toBe(0);
  });

  test("a miss with a token leaves a header with only the token, for a while", async () => {
    const { cache, redis, keyring } = bench();
    const id = newGameId();
    expect(await cache.read(id, { token: "load-1" })).toEqual({ kind: "miss" });
    const { header } = keyring.of(id);
    expect(Object.keys(await redis.hgetall(header)).sort()).toEqual(["tgen", "tok"]);
    expect(await redis.pttl(header)).toBeGreaterThan(0);
    expect(await redis.pttl(header)).toBeLessThanOrEqual(60_000);
  });

  test("a served copy is a hit, or `same` for a caller that holds its version", async () => {
    const { cache, install } = bench();
    const id = newGameId();
    const at = await install(id);
    expect(at).toBe("20.5");
    expect(await cache.read(id, { known: version("20", "4"), token: "unused" })).toEqual({
      kind: "hit",
      copy: {
        gameId: id,
        status: "live",
        version: "20.5",
        state: '{"from":"row","empty":[]}',
        rulesVersion: 3,
        metadata: null,
        metadataVersion: "0",
      },
    });
    expect(await cache.read(id, { known: at })).toEqual({ kind: "same" });
  });

  test("a state without a header, and a header without state, are misses", async () => {
    const { cache, redis, keyring, install } = bench();
    const [alone, lost] = [newGameId(), newGameId()];
    await redis.set(keyring.of(alone).state, "{}");
    expect(await cache.read(alone)).toEqual({ kind: "miss" });
    const at = await install(lost);
    await redis.del(keyring.of(lost).state);
    expect(await cache.read(lost, { known: at })).toEqual({ kind: "miss" });
    await cache.read(lost, { token: "again" });
    expect(await redis.hgetall(keyring.of(lost).header)).toMatchObject({ tok: "again" });
    expect(await redis.hexists(keyring.of(lost).header, "lin")).toBe(0);
    expect(await cache.install(lost, "again", rowOf(lost))).toMatchObject({ kind: "ok", keptUnverified: false });
  });

  test("a copy of another history is unverified, also for a caller that holds its version", async () => {
    const { cache, install, makeUnverified } = bench();
    const id = newGameId();
    const at = await install(id);
    await makeUnverified(id);
    expect(await cache.read(id, { known: at })).toEqual({ kind: "unverified" });
    expect(await cache.read(id, { token: "load-1" })).toEqual({ kind: "unverified" });
  });
});

describe("INSTALL", () => {
  test("gives state, header and tail one lifetime, and takes the row whole", async () => {
    const { cache, redis, keyring, install, lifetimes } = bench();
    const id = newGameId();
    const outcome = { endReason: "draw", winnerIds: [], winnerIsNpc: false } as const;
    await install(id, { status: "ended", outcome });
    const [state, , tail] = await lifetimes(id);
    expect(state).toBeGreaterThan(86_000_000);
    const { state: one, header: other } = keyring.of(id);
    // Redis 7.0 looks at its clock for each command of a script, so the millisecond may change in between.
    const apart = Number(await redis.call("PEXPIRETIME", other)) - Number(await redis.call("PEXPIRETIME", one));
    expect([0, 1]).toContain(apart);
    expect(tail).toBe(-2);
    const { epoch, origin = "", ...fields } = await redis.hgetall(keyring.of(id).header);
    expect(epoch).toMatch(/^[0-9a-f]{40}$/);
    const { gameType, playerIds, npcId, rules, rulesVersion, startedAt } = rowOf(id);
    expect(JSON.parse(origin)).toEqual({ gameType, playerIds, npcId, rules, rulesVersion, startedAt });
    expect(fields).toEqual({
      st: "ended",
      rev: "5",
      base: "10.5",
      lin: "20",
      fen: "20",
      wids: "row-write@10.5",
      at: "1700000000000",
      log: "4",
      turn: "7",
      sv: "3",
      due: "700",
      rules: "3",
      mdv: "0",
      md: "",
      out: JSON.stringify(outcome),
    });
    expect(await cache.claimGame(id)).toMatchObject({ status: "ended", outcome, entries: [], logCount: 4 });
  });

  test("a token works once, and not after another load began", async () => {
    const { cache } = bench();
    const id = newGameId();
    await cache.read(id, { token: "first" });
    await cache.read(id, { token: "second" });
    expect(await cache.install(id, "first", rowOf(id))).toEqual({ kind: "tokenLost" });
    expect(await cache.install(id, "second", rowOf(id))).toEqual({
      kind: "ok",
      version: "20.5",
      keptUnverified: false,
    });
    expect(await cache.install(id, "second", rowOf(id))).toEqual({ kind: "tokenLost" });
  });

  test("a token of another history of Redis is lost", async () => {
    const { cache, redis, keyring } = bench();
    const id = newGameId();
    await cache.read(id, { token: "before" });
    await redis.hset(keyring.of(id).header, "tgen", "e".repeat(40));
    expect(await cache.install(id, "before", rowOf(id))).toEqual({ kind: "tokenLost" });
  });

  test("a token whose load took too long is lost", async () => {
    const { redis, keyring, prefix, url } = bench();
    const hasty = createRedisCache({ url, keyPrefix: prefix, ...patient, advanced: { tokenTtlMs: 100 } });
    await hasty.start();
    onTestFinished(() => hasty.close());
    const id = newGameId();
    await hasty.read(id, { token: "slow" });
    await vi.waitFor(async () => expect(await redis.exists(keyring.of(id).header)).toBe(0));
    expect(await hasty.install(id, "slow", rowOf(id))).toEqual({ kind: "tokenLost" });
  });

  test("a clean copy is gone after its time, and counts as a miss", async () => {
    const { redis, keyring, prefix, url } = bench();
    const brief = createRedisCache({ url, keyPrefix: prefix, ...patient, ttlMs: 1_000 });
    await brief.start();
    onTestFinished(() => brief.close());
    const id = newGameId();
    await brief.read(id, { token: "load" });
    await brief.install(id, "load", rowOf(id));
    const { state, header } = keyring.of(id);
    for (const key of [state, header]) {
      expect(await redis.pttl(key)).toBeGreaterThan(0);
      expect(await redis.pttl(key)).toBeLessThanOrEqual(1_000);
      // Redis does the waiting well; what is left of it is cut short.
      await redis.pexpire(key, 1);
    }
    await vi.waitFor(async () => expect(await redis.exists(state, header)).toBe(0), { interval: 2 });
    expect(await brief.write(id, writeOf(version("20", "5")))).toEqual({ kind: "miss" });
  });

  test("takes the marks that lost copies of a page's games left, and no other game's", async () => {
    const { cache, redis, keyring } = bench();
    const rows = [rowOf(newGameId()), rowOf(newGameId())];
    const other = newGameId();
    const { index } = keyring.of(other);
    for (const id of [other, ...rows.map(({ gameId }) => gameId)]) await redis.zadd(index, 1, id);
    await cache.readPage(rows.map(({ gameId }) => ({ gameId, token: "page" })));
    await cache.installPage(rows.map((row) => ({ token: "page", row })));
    expect(await redis.zrange(index, 0, "-1")).toEqual([other]);
    await redis.zrem(index, other);
  });

  test("a copy that is served by then stays", async () => {
    const { cache, redis, keyring, install } = bench();
    const id = newGameId();
    await install(id);
    const { header } = keyring.of(id);
    await redis.hset(header, "tok", "late", "tgen", (await redis.hget(header, "epoch")) ?? "");
    expect(await cache.install(id, "late", rowOf(id, { fence: "30" }))).toEqual({ kind: "present" });
    expect(await cache.install(id, "late", rowOf(id, { fence: "30" }))).toEqual({ kind: "tokenLost" });
    expect(await cache.read(id)).toMatchObject({ copy: { version: "20.5" } });
  });
});

describe("INSTALL over an unverified copy", () => {
  /** A copy at 20.6, dirty with one log entry, made unverified; then a load with this row. */
  async function reload(row: Partial<Parameters<typeof rowOf>[1]>) {
    const { cache, install, makeUnverified } = bench();
    const id = newGameId();
    await cache.write(id, writeOf(await install(id), { state: '{"from":"cache"}', entries: ['{"n":5}'] }));
    await makeUnverified(id);
    await cache.read(id, { token: "load" });
    return { id, reply: await cache.install(id, "load", rowOf(id, { fence: "30", ...row })) };
  }

  test.each([
    ["behind it in the same lineage", { version: version("20", "5") }],
    ["the one that it grew from", { version: version("10", "5") }],
    ["older than the one that it grew from, even with a higher revision", { version: version("9", "900") }],
  ])("is kept where the row is %s: re-labelled, dirty, with its tail", async (_, row) => {
    const { cache, redis, prefix, lifetimes } = bench();
    const { id, reply } = await reload(row);
    expect(reply).toEqual({ kind: "ok", version: "30.6", keptUnverified: true });
    expect(await cache.claimGame(id, { onlyDirty: true })).toMatchObject({
      version: "30.6",
      fence: "30",
      state: '{"from":"cache"}',
      entries: ['{"n":5}'],
      logCount: 5,
    });
    expect(await lifetimes(id)).toEqual([-1, -1, -1]);
    expect(Number(await redis.zscore(`${prefix}dirty:{0}`, id))).toBeLessThanOrEqual(Date.now() + 5);
  });

  test("is kept clean where the row has the very same version", async () => {
    const { cache, redis, keyring, lifetimes, prefix } = bench();
    const { id, reply } = await reload({ version: version("20", "6"), logCount: 5 });
    expect(reply).toEqual({ kind: "ok", version: "30.6", keptUnverified: true });
    expect(await cache.claimGame(id, { onlyDirty: true })).toBeNull();
    expect((await lifetimes(id))[0]).toBeGreaterThan(0);
    expect((await lifetimes(id))[1]).toBeGreaterThan(0);
    expect(await redis.exists(keyring.of(id).tail)).toBe(0);
    expect(await redis.zscore(`${prefix}dirty:{0}`, id)).toBeNull();
  });

  test.each([
    ["ahead in the same lineage", { version: version("20", "7") }],
    ["in a newer lineage, even with a lower revision", { version: version("100", "2") }],
    ["ahead of the one that it grew from, as an old master's client may leave it", { version: version("10", "6") }],
    ["of another lineage since, though an older one than the copy's", { version: version("19", "5") }],
  ])("loses where the row is %s: state, tail, write ids and mark are replaced", async (_, row) => {
    const { cache, redis, keyring, prefix } = bench();
    const { id, reply } = await reload({ ...row, fence: "200" });
    expect(reply).toMatchObject({ kind: "ok", keptUnverified: false });
    expect(await cache.claimGame(id)).toMatchObject({
      fence: "200",
      state: '{"from":"row","empty":[]}',
      writeIds: "row-write@10.5",
      entries: [],
      logCount: 4,
      turnNumber: 7,
    });
    expect(await redis.exists(keyring.of(id).tail)).toBe(0);
    expect(await redis.zscore(`${prefix}dirty:{0}`, id)).toBeNull();
  });

  test("compares numbers above 2^53 without losing digits", async () => {
    const { cache, install, makeUnverified } = bench();
    const id = newGameId();
    const big = "9007199254740993";
    await install(id, { version: version("1", big), fence: big });
    await makeUnverified(id);
    await cache.read(id, { token: "load" });
    const row = rowOf(id, { version: version(big, "9007199254740992"), fence: "9007199254740995", logCount: 4 });
    expect(await cache.install(id, "load", row)).toEqual({
      kind: "ok",
      version: `9007199254740995.${big}`,
      keptUnverified: true,
    });
  });
});
