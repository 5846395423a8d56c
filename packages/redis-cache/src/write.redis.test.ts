import { randomUUID } from "node:crypto";
import { findWrite, type Version } from "@turnkeep/core";
import { describe, expect, test } from "vitest";
import { madeBy, newGameId, rowOf, sealOf, useBench, version, writeOf } from "./testing/fixtures.js";

const bench = useBench();

describe("WRITE", () => {
  test("changes state, log, version, turn and time together, and makes the copy dirty", async () => {
    const { cache, redis, keyring, install, lifetimes, prefix } = bench();
    const id = newGameId();
    const at = await install(id);
    const request = writeOf(at, {
      state: '{"text":"🂡\\u0000"}',
      entries: ['{"n":5}', '{"n":6}'],
      turnNumber: 9,
      schemaVersion: 4,
      flushWithinMs: 1_500,
    });
    const [seconds = "0"] = (await redis.time()).map(String);
    expect(await cache.write(id, request)).toEqual({ kind: "ok", version: "20.6" });
    expect(await redis.get(keyring.of(id).state)).toBe(request.state);
    const copy = await cache.claimGame(id, { onlyDirty: true });
    expect(copy).toMatchObject({
      version: "20.6",
      state: request.state,
      entries: ['{"n":5}', '{"n":6}'],
      logCount: 6,
      turnNumber: 9,
      schemaVersion: 4,
      writeIds: `row-write@10.5 ${request.writeId}@20.6`,
      status: "live",
    });
    expect(copy?.lastActionAt).toBeGreaterThanOrEqual(Number(seconds) * 1_000);
    expect(await lifetimes(id)).toEqual([-1, -1, -1]);
    expect(Number(await redis.zscore(`${prefix}dirty:{0}`, id))).toBe((copy?.lastActionAt ?? 0) + 1_500);
  });

  test("brings a flush up to 64 entries of earlier writes, and nothing where it is not asked", async () => {
    const { cache, install } = bench();
    const id = newGameId();
    const entries = Array.from({ length: 64 }, (_, n) => `{"n":${n}}`);
    const first = await cache.write(id, writeOf(await install(id), { entries }));
    expect(first).toEqual({ kind: "ok", version: "20.6" });
    const second = await cache.write(id, writeOf(madeBy(first), { entries: ['"last"'], forFlush: true }));
    expect(second).toMatchObject({ copy: { entries: [...entries, '"last"'], logCount: 69, base: "10.5" } });
    const third = await cache.write(id, writeOf(madeBy(second), { entries: [], forFlush: true }));
    expect(third).toEqual({ kind: "ok", version: "20.8" });
  });

  test("a copy of a version that knew of no due times is never due, until the next write says when", async () => {
    const { cache, redis, keyring, install } = bench();
    const id = newGameId();
    const at = await install(id, { dueAt: 700 });
    await redis.hdel(keyring.of(id).header, "due");
    expect(await cache.claimGame(id)).toMatchObject({ dueAt: null });
    await redis.hset(keyring.of(id).header, "due", "soon");
    expect(await cache.claimGame(id)).toMatchObject({ dueAt: null });
    await cache.write(id, writeOf(at, { dueAt: 800 }));
    expect(await cache.claimGame(id)).toMatchObject({ dueAt: 800 });
  });

  test("a second write keeps the earlier deadline", async () => {
    const { cache, redis, install, prefix } = bench();
    const id = newGameId();
    const first = madeBy(await cache.write(id, writeOf(await install(id), { flushWithinMs: 60_000 })));
    const score = await redis.zscore(`${prefix}dirty:{0}`, id);
    const second = madeBy(await cache.write(id, writeOf(first, { flushWithinMs: 120_000 })));
    expect(await redis.zscore(`${prefix}dirty:{0}`, id)).toBe(score);
    await cache.write(id, writeOf(second, { flushWithinMs: 0 }));
    expect(Number(await redis.zscore(`${prefix}dirty:{0}`, id))).toBeLessThan(Number(score));
  });

  test("without entries leaves the log as it is", async () => {
    const { cache, install } = bench();
    const id = newGameId();
    await cache.write(id, writeOf(await install(id), { entries: [] }));
    expect(await cache.claimGame(id)).toMatchObject({ logCount: 4, entries: [] });
  });

  test("takes thousands of entries at once", async () => {
    const { cache, install } = bench();
    const id = newGameId();
    const entries = Array.from({ length: 9_999 }, (_, n) => String(n));
    await cache.write(id, writeOf(await install(id), { entries }));
    const copy = await cache.claimGame(id);
    expect(copy?.logCount).toBe(4 + entries.length);
    expect(copy?.entries).toEqual(entries);
  });

  test("MISS and UNVERIFIED apply nothing, whatever else is true", async () => {
    const { cache, install, makeUnverified } = bench();
    const [missing, unverified] = [newGameId(), newGameId()];
    expect(await cache.write(missing, writeOf(version("20", "5")))).toEqual({ kind: "miss" });
    expect(await cache.exists(missing)).toBe(false);
    const request = writeOf(await install(unverified));
    await cache.write(unverified, request);
    await makeUnverified(unverified);
    expect(await cache.write(unverified, request)).toEqual({ kind: "unverified" });
  });

  test("DUPLICATE names the version that the write made, also after the end and on a stale version", async () => {
    const { cache, install } = bench();
    const id = newGameId();
    const first = writeOf(await install(id));
    const second = writeOf(madeBy(await cache.write(id, first)));
    const third = sealOf(madeBy(await cache.write(id, second)));
    expect(await cache.write(id, first)).toEqual({ kind: "duplicate", madeVersion: "20.6" });
    await cache.seal(id, third);
    expect(await cache.write(id, second)).toEqual({ kind: "duplicate", madeVersion: "20.7" });
    expect(await cache.seal(id, third)).toEqual({ kind: "duplicate", madeVersion: "20.8" });
    expect(await cache.claimGame(id)).toMatchObject({ version: "20.8", logCount: 7 });
  });

  test("a write id that came with the row is a DUPLICATE too, and no other one that merely ends like it", async () => {
    const { cache, install } = bench();
    const id = newGameId();
    const at = await install(id, { writeIds: "other-retry-me@9.4 retry-me-1@10.5" });
    const reply = await cache.write(id, writeOf(at, { writeId: "retry-me-1" }));
    expect(reply).toEqual({ kind: "duplicate", madeVersion: "10.5" });
    expect(await cache.write(id, writeOf(at, { writeId: "retry-me" }))).toMatchObject({ kind: "ok" });
  });

  test("the last sixteen writes are remembered", async () => {
    const { cache, install } = bench();
    const id = newGameId();
    let at: Version = await install(id, { writeIds: "" });
    const ids = Array.from({ length: 18 }, () => randomUUID());
    for (const writeId of ids) at = madeBy(await cache.write(id, writeOf(at, { writeId })));
    const { writeIds = "" } = (await cache.claimGame(id)) ?? {};
    expect(writeIds.split(" ").map((entry) => entry.split("@")[0])).toEqual(ids.slice(2));
    expect(findWrite(writeIds, ids[2] ?? "")).toBe("20.8");
  });

  test("CONFLICT and ENDED name the current version and change nothing", async () => {
    const { cache, install } = bench();
    const id = newGameId();
    const stale = await install(id);
    const at = madeBy(await cache.write(id, writeOf(stale)));
    expect(await cache.write(id, writeOf(stale))).toEqual({ kind: "conflict", version: at });
    expect(await cache.write(id, writeOf(version("19", "6")))).toEqual({ kind: "conflict", version: at });
    const sealed = madeBy(await cache.seal(id, sealOf(at)));
    expect(await cache.write(id, writeOf(stale))).toEqual({ kind: "ended" });
    expect(await cache.read(id, { known: sealed })).toEqual({ kind: "same" });
  });

  test("of many writes from one version, exactly one goes through", async () => {
    const { cache, install } = bench();
    const id = newGameId();
    const at = await install(id);
    const replies = await Promise.all(Array.from({ length: 20 }, () => cache.write(id, writeOf(at))));
    expect(replies.map(({ kind }) => kind).sort()).toEqual([...Array(19).fill("conflict"), "ok"]);
    expect(await cache.claimGame(id)).toMatchObject({ version: "20.6", logCount: 5 });
  });

  test("BACKPRESSURE only for a clean game, only at the bound, and after all other questions", async () => {
    const { cache, redis, install, prefix } = bench();
    await redis.del(`${prefix}dirty:{0}`);
    const [dirty, clean] = [newGameId(), newGameId()];
    const [a, b] = [await install(dirty), await install(clean)];
    const at = madeBy(await cache.write(dirty, writeOf(a, { maxDirtyGames: 1 })));
    expect(await cache.write(clean, writeOf(b, { maxDirtyGames: 1 }))).toEqual({ kind: "backpressure" });
    expect(await cache.write(clean, writeOf(version("1", "1"), { maxDirtyGames: 1 }))).toMatchObject({
      kind: "conflict",
    });
    expect(await cache.claimGame(clean)).toMatchObject({ version: b, logCount: 4 });
    expect(await cache.write(dirty, writeOf(at, { maxDirtyGames: 1 }))).toMatchObject({ kind: "ok" });
    expect(await cache.write(clean, writeOf(b, { maxDirtyGames: 2 }))).toMatchObject({ kind: "ok" });
  });

  test("counts revisions above 2^53 one by one", async () => {
    const { cache, install } = bench();
    const id = newGameId();
    const [lineage, revision] = ["9007199254740995", "9007199254740993"];
    const at = await install(id, { version: version("10", revision), fence: lineage });
    expect(at).toBe(`${lineage}.${revision}`);
    const next = madeBy(await cache.write(id, writeOf(at)));
    expect(next).toBe(`${lineage}.9007199254740994`);
    expect(madeBy(await cache.write(id, writeOf(next)))).toBe(`${lineage}.9007199254740995`);
  });

  test("an unsound write id or game id is refused before anything is sent", async () => {
    const { cache, install } = bench();
    const id = newGameId();
    const at = await install(id);
    await expect(cache.write(id, writeOf(at, { writeId: "a b@1.1 " }))).rejects.toMatchObject({ code: "InvalidInput" });
    await expect(cache.write(id.toUpperCase(), writeOf(at))).rejects.toMatchObject({ code: "InvalidGameId" });
    await expect(cache.read(`{${id}}`)).rejects.toMatchObject({ code: "InvalidGameId" });
    expect(await cache.claimGame(id)).toMatchObject({ version: at });
  });
});

describe("SEAL", () => {
  test("ends the game with its outcome, dirty like any write, and only once", async () => {
    const { cache, install } = bench();
    const id = newGameId();
    const outcome = { endReason: "prizes", winnerIds: [randomUUID()], winnerIsNpc: false } as const;
    const sealed = madeBy(await cache.seal(id, sealOf(await install(id), { outcome })));
    expect(await cache.claimGame(id, { onlyDirty: true })).toMatchObject({ status: "ended", outcome, version: sealed });
    expect(await cache.read(id)).toMatchObject({ copy: { status: "ended" } });
    expect(await cache.claimGame(id)).toMatchObject({ outcome, logCount: 5 });
    const again = sealOf(sealed, { outcome: { ...outcome, endReason: "draw" } });
    expect(await cache.seal(id, again)).toEqual({ kind: "ended" });
    expect(await cache.claimGame(id)).toMatchObject({ outcome });
  });

  test("asks what WRITE asks", async () => {
    const { cache, install, makeUnverified } = bench();
    const [missing, id] = [newGameId(), newGameId()];
    expect(await cache.seal(missing, sealOf(version("1", "1")))).toEqual({ kind: "miss" });
    const at = await install(id);
    expect(await cache.seal(id, sealOf(version("1", "1")))).toEqual({ kind: "conflict", version: at });
    await makeUnverified(id);
    expect(await cache.seal(id, sealOf(at))).toEqual({ kind: "unverified" });
  });

  test("a row that is ended is sealed from the start", async () => {
    const { cache, install } = bench();
    const id = newGameId();
    const at = await install(id, { status: "ended", outcome: rowOf(id).outcome });
    expect(await cache.write(id, writeOf(at))).toEqual({ kind: "ended" });
  });
});

test("100,000 log entries go in with one write, in their order", async () => {
  const { cache } = bench();
  const gameId = newGameId();
  const at = await bench().install(gameId);
  const entries = Array.from({ length: 100_000 }, (_, n) => String(n));
  expect(await cache.write(gameId, writeOf(at, { entries }))).toMatchObject({ kind: "ok" });
  expect((await cache.claimGame(gameId))?.entries).toEqual(entries);
  await cache.evict(gameId);
});
