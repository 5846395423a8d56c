import type { Change } from "@turnkeep/core/ports";
import { describe, expect, test, vi } from "vitest";
import {
  cleanGame,
  copyIn,
  dirtyGame,
  install,
  newGameId,
  patience,
  rowOf,
  sealOf,
  version,
  writeOf,
} from "../../fixtures.js";
import type { CacheBench, CacheUnderTest } from "../cache-under-test.js";

/** What a cache does after a failover. Registered only where the adapter can show one. */
export function unverifiedTests(bench: () => CacheBench, hooks: CacheUnderTest): void {
  const { makeUnverified, changeEpoch, lifetimeMs } = hooks;
  if (changeEpoch) failoverTests(bench, changeEpoch);
  if (!makeUnverified) return;

  describe("an unverified copy", () => {
    test("is not served, not even as `same`, and is still there", async () => {
      const { cache } = bench();
      const { gameId, at } = await cleanGame(cache);
      await makeUnverified(gameId);
      expect(await cache.read(gameId, { known: at })).toEqual({ kind: "unverified" });
      expect(await cache.read(gameId, { token: "load" })).toEqual({ kind: "unverified" });
      expect(await cache.exists(gameId)).toBe(true);
    });

    test("takes no write, no seal and no fence, and says so before anything else", async () => {
      const { cache } = bench();
      const { gameId, at } = await cleanGame(cache);
      const applied = writeOf(at);
      await cache.write(gameId, applied);
      await makeUnverified(gameId);
      expect(await cache.write(gameId, applied)).toEqual({ kind: "unverified" });
      expect(await cache.write(gameId, writeOf(version("20.6")))).toEqual({ kind: "unverified" });
      expect(await cache.seal(gameId, sealOf(version("20.6")))).toEqual({ kind: "unverified" });
      // A fence that was taken would have ended the load under way.
      await cache.read(gameId, { token: "load" });
      await cache.adopt(gameId, "20", "21");
      expect(await cache.install(gameId, "load", rowOf(gameId, { fence: "30" }))).toMatchObject({ kind: "ok" });
    });

    test("is made of any copy by `unverify`, which gives it whole, and ends a load under way", async () => {
      const { cache, other } = bench();
      const [dirty, clean] = [await dirtyGame(cache, { flushWithinMs: 0 }), await cleanGame(cache)];
      for (const { gameId, at } of [dirty, clean]) {
        const copy = await copyIn(cache, gameId);
        const changes: Change[] = [];
        const unsubscribe = await other.subscribe(
          gameId,
          (change) => changes.push(change),
          () => {},
        );
        expect(await other.unverify(gameId)).toEqual(copy);
        await vi.waitFor(() => expect(changes).toEqual(["gone"]), patience);
        unsubscribe();
        expect(await cache.read(gameId, { known: at, token: "load" })).toEqual({ kind: "unverified" });
        expect(await cache.write(gameId, writeOf(at))).toEqual({ kind: "unverified" });
        expect(await cache.unverify(gameId)).toEqual(copy);
        expect(await cache.install(gameId, "load", rowOf(gameId))).toEqual({ kind: "tokenLost" });
      }
      const { copies, unverified } = await cache.claim({ limit: 10, hideMs: 0 });
      expect([copies, unverified]).toEqual([[], [dirty.gameId]]);
      await install(cache, rowOf(dirty.gameId, { fence: "30" }));
      expect(await copyIn(cache, dirty.gameId)).toMatchObject({ version: "30.6", entries: [expect.any(String)] });
    });

    test("is none where there is none: `unverify` is `null`, and ends a load under way all the same", async () => {
      const { cache } = bench();
      const gameId = newGameId();
      await cache.read(gameId, { token: "load" });
      expect(await cache.unverify(gameId)).toBeNull();
      expect(await cache.install(gameId, "load", rowOf(gameId))).toEqual({ kind: "tokenLost" });
      expect(await cache.read(gameId)).toEqual({ kind: "miss" });
    });

    test("is claimed by name only, and never as a copy", async () => {
      const { cache } = bench();
      const { gameId } = await dirtyGame(cache, { flushWithinMs: 0 });
      await makeUnverified(gameId);
      expect(await cache.claimGame(gameId)).toBeNull();
      const { copies, unverified } = await cache.claim({ limit: 10, hideMs: 60_000 });
      expect([copies, unverified]).toEqual([[], [gameId]]);
    });

    test("gives way to a row of a newer lineage", async () => {
      const { cache } = bench();
      const { gameId } = await dirtyGame(cache);
      await makeUnverified(gameId);
      await cache.read(gameId, { token: "load" });
      const row = rowOf(gameId, { version: version("21.3"), fence: "30", logCount: 2 });
      expect(await cache.install(gameId, "load", row)).toEqual({ kind: "ok", version: "30.3", keptUnverified: false });
      expect(await copyIn(cache, gameId)).toMatchObject({ state: row.state, logCount: 2, entries: [], fence: "30" });
      expect(await cache.claimGame(gameId, { onlyDirty: true })).toBeNull();
      expect(await cache.backlog()).toMatchObject({ games: 0 });
    });

    test("gives way to a row of a higher revision in its own lineage", async () => {
      const { cache } = bench();
      const { gameId } = await dirtyGame(cache);
      await makeUnverified(gameId);
      await cache.read(gameId, { token: "load" });
      const row = rowOf(gameId, { version: version("20.7"), fence: "30" });
      expect(await cache.install(gameId, "load", row)).toEqual({ kind: "ok", version: "30.7", keptUnverified: false });
    });

    test("stays, dirty and due now, where the row lacks its last writes; its lineage is new", async () => {
      const { cache } = bench();
      const { gameId, at } = await dirtyGame(cache);
      const before = await copyIn(cache, gameId);
      await makeUnverified(gameId);
      await cache.read(gameId, { token: "load" });
      const row = rowOf(gameId, { version: version("20.5"), fence: "30" });
      expect(await cache.install(gameId, "load", row)).toEqual({ kind: "ok", version: "30.6", keptUnverified: true });
      const kept = { ...before, version: version("30.6"), fence: "30", base: "20.5" };
      expect(await cache.claim({ limit: 10, hideMs: 60_000 })).toMatchObject({
        copies: [kept],
        unverified: [],
        absent: [],
        more: false,
      });
      expect(await cache.write(gameId, writeOf(at))).toMatchObject({ kind: "conflict", version: "30.6" });
    });

    test("gives way to a row that has moved on from where the copy's lineage began, if in a lower lineage", async () => {
      const { cache } = bench();
      for (const ahead of ["10.6", "15.2"]) {
        const { gameId } = await dirtyGame(cache);
        await makeUnverified(gameId);
        await cache.read(gameId, { token: "load" });
        const row = rowOf(gameId, { version: version(ahead), fence: "30" });
        expect(await cache.install(gameId, "load", row)).toMatchObject({ kind: "ok", keptUnverified: false });
        expect(await copyIn(cache, gameId)).toMatchObject({ state: row.state, base: ahead, entries: [] });
      }
    });

    test("stays where the row is still what its lineage grew from, and clean if it has no more", async () => {
      const { cache } = bench();
      const [dirty, clean] = [await dirtyGame(cache), await cleanGame(cache)];
      for (const { gameId } of [dirty, clean]) {
        await makeUnverified(gameId);
        await cache.read(gameId, { token: "load" });
        const row = rowOf(gameId, { fence: "30", startedAt: 77 });
        expect(await cache.install(gameId, "load", row)).toMatchObject({ kind: "ok", keptUnverified: true });
      }
      const claimed = { version: "30.6", base: "10.5", origin: { startedAt: 77 } };
      expect(await cache.claimGame(dirty.gameId, { onlyDirty: true })).toMatchObject(claimed);
      expect(await cache.claimGame(clean.gameId, { onlyDirty: true })).toBeNull();
      expect(await copyIn(cache, clean.gameId)).toMatchObject({ version: "30.5", base: "10.5" });
    });

    test("stays where the row is older than what its lineage grew from, whatever its revision", async () => {
      const { cache } = bench();
      const { gameId } = await dirtyGame(cache);
      await makeUnverified(gameId);
      await cache.read(gameId, { token: "load" });
      const row = rowOf(gameId, { version: version("9.99"), fence: "30" });
      expect(await cache.install(gameId, "load", row)).toEqual({ kind: "ok", version: "30.6", keptUnverified: true });
      expect(await cache.claimGame(gameId, { onlyDirty: true })).toMatchObject({ version: "30.6" });
    });

    test("stays, clean, where the row has the very same version", async () => {
      const { cache } = bench();
      const { gameId, at } = await dirtyGame(cache);
      await makeUnverified(gameId);
      await cache.read(gameId, { token: "load" });
      const row = rowOf(gameId, { version: at, fence: "30", logCount: 5 });
      expect(await cache.install(gameId, "load", row)).toEqual({ kind: "ok", version: "30.6", keptUnverified: true });
      expect(await copyIn(cache, gameId)).toMatchObject({ version: "30.6", fence: "30", entries: [], logCount: 5 });
      expect(await cache.claimGame(gameId, { onlyDirty: true })).toBeNull();
      if (lifetimeMs) expect(await lifetimeMs(gameId)).toBeGreaterThan(0);
    });

    test("is compared with its row by a page too: kept where it has all of it, replaced where it has not", async () => {
      const { cache } = bench();
      const [ahead, behind] = [await dirtyGame(cache), await dirtyGame(cache)];
      const reads = [ahead, behind].map(({ gameId }) => ({ gameId, token: `page-${gameId}` }));
      for (const { gameId } of reads) await makeUnverified(gameId);
      expect(await cache.readPage(reads)).toEqual(["unverified", "unverified"]);
      const rows = [
        rowOf(ahead.gameId, { fence: "30" }),
        rowOf(behind.gameId, { version: version("21.3"), fence: "31" }),
      ];
      expect(await cache.installPage(rows.map((row) => ({ token: `page-${row.gameId}`, row })))).toEqual([
        { kind: "ok", version: "30.6", keptUnverified: true },
        { kind: "ok", version: "31.3", keptUnverified: false },
      ]);
      expect((await cache.claim({ limit: 10, hideMs: 60_000 })).copies).toMatchObject([{ gameId: ahead.gameId }]);
    });

    test("is served again once reconciled, and remembers its writes", async () => {
      const { cache, other } = bench();
      const { gameId, at } = await cleanGame(cache);
      const applied = writeOf(at);
      await cache.write(gameId, applied);
      await makeUnverified(gameId);
      await cache.read(gameId, { token: "load" });
      await cache.install(gameId, "load", rowOf(gameId, { version: at, fence: "30" }));
      expect(await other.read(gameId)).toMatchObject({ kind: "hit", copy: { version: "30.6" } });
      const retried = await other.write(gameId, applied);
      expect(retried).toEqual({ kind: "duplicate", madeVersion: "20.6" });
    });
  });
}

function failoverTests(bench: () => CacheBench, changeEpoch: () => Promise<void>): void {
  describe("a failover", () => {
    test("makes every copy unverified, and loses the token of every load under way", async () => {
      const { cache } = bench();
      const [one, two, missing] = [await cleanGame(cache), await dirtyGame(cache), newGameId()];
      await cache.read(missing, { token: "before" });
      await changeEpoch();
      expect(await cache.install(missing, "before", rowOf(missing))).toEqual({ kind: "tokenLost" });
      for (const { gameId } of [one, two]) {
        expect(await cache.read(gameId, { token: "load" })).toEqual({ kind: "unverified" });
      }
      await changeEpoch();
      const row = rowOf(one.gameId, { fence: "30" });
      expect(await cache.install(one.gameId, "load", row)).toEqual({ kind: "tokenLost" });
    });
  });
}
