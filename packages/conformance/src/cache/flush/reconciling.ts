import type { Change } from "@turnkeep/core/ports";
import { describe, expect, test, vi } from "vitest";
import { copyIn, dirtyGame, newGameId, patience, rowOf, sealOf, version, writeOf } from "../../fixtures.js";
import type { CacheBench } from "../cache-under-test.js";

export function reconcilingTests(bench: () => CacheBench): void {
  describe("adopt", () => {
    test("takes a newer fence for the served lineage, and version, mark and log stay", async () => {
      const { cache, other } = bench();
      const { gameId, at } = await dirtyGame(cache);
      const before = await copyIn(cache, gameId);
      await other.adopt(gameId, "20", "31");
      expect(await cache.claimGame(gameId, { onlyDirty: true })).toEqual({ ...before, fence: "31" });
      expect(await cache.write(gameId, writeOf(at))).toEqual({ kind: "ok", version: "20.7" });
    });

    test("never takes an older fence", async () => {
      const { cache } = bench();
      const { gameId } = await dirtyGame(cache);
      await cache.adopt(gameId, "20", "100");
      await cache.adopt(gameId, "20", "99");
      expect(await copyIn(cache, gameId)).toMatchObject({ fence: "100" });
    });

    test("changes nothing for another lineage, or for a game that is not there", async () => {
      const { cache } = bench();
      const { gameId } = await dirtyGame(cache);
      await cache.adopt(gameId, "19", "31");
      await cache.adopt(gameId, "21", "31");
      const missing = newGameId();
      await cache.adopt(missing, "20", "31");
      expect(await cache.read(missing)).toEqual({ kind: "miss" });
      expect(await copyIn(cache, gameId)).toMatchObject({ fence: "20" });
    });
  });

  describe("reset", () => {
    test("replaces a forked copy by the row, clean, with the fence as lineage, and notifies subscribers", async () => {
      const { cache, other } = bench();
      const { gameId, at } = await dirtyGame(cache, { flushWithinMs: 0 });
      const changes: Change[] = [];
      const unsubscribe = await other.subscribe(
        gameId,
        (change) => changes.push(change),
        () => {},
      );
      const row = rowOf(gameId, { version: version("25.3"), fence: "26", logCount: 2, writeIds: "other-write@25.3" });
      expect(await cache.reset(gameId, "20", row)).toBe(true);
      await vi.waitFor(() => expect(changes).toEqual(["26.3"]), patience);
      unsubscribe();
      const {
        gameType,
        playerIds,
        npcId,
        rules,
        rulesVersion,
        startedAt,
        metadata: _m,
        metadataVersion: _v,
        ...copy
      } = row;
      const origin = { gameType, playerIds, npcId, rules, rulesVersion, startedAt };
      expect(await copyIn(cache, gameId)).toEqual({ ...copy, origin, version: "26.3", base: "25.3", entries: [] });
      expect(await cache.claimGame(gameId, { onlyDirty: true })).toBeNull();
      expect(await cache.backlog()).toMatchObject({ games: 0 });
      expect(await cache.write(gameId, writeOf(at))).toEqual({ kind: "conflict", version: "26.3" });
    });

    test("replaces a copy of a higher lineage too, where the row has moved on from what that grew from", async () => {
      const { cache } = bench();
      const { gameId } = await dirtyGame(cache);
      expect(await cache.reset(gameId, "20", rowOf(gameId, { version: version("10.6"), fence: "26" }))).toBe(true);
      expect(await copyIn(cache, gameId)).toMatchObject({ version: "26.6", base: "10.6", entries: [] });
    });

    test("replaces a copy that its own lineage's row is ahead of", async () => {
      const { cache } = bench();
      const { gameId } = await dirtyGame(cache);
      expect(await cache.reset(gameId, "20", rowOf(gameId, { version: version("20.7"), fence: "26" }))).toBe(true);
      expect(await copyIn(cache, gameId)).toMatchObject({ version: "26.7", base: "20.7" });
    });

    test("leaves a copy of another lineage, and one that has all of the row", async () => {
      const { cache } = bench();
      const { gameId } = await dirtyGame(cache);
      const before = await copyIn(cache, gameId);
      const row = (at: string) => rowOf(gameId, { version: version(at), fence: "26" });
      expect(await cache.reset(gameId, "19", row("25.9"))).toBe(false);
      expect(await cache.reset(gameId, "20", row("20.6"))).toBe(false);
      expect(await cache.reset(gameId, "20", row("10.5"))).toBe(false);
      expect(await cache.reset(gameId, "20", row("9.9"))).toBe(false);
      expect(await cache.claimGame(gameId, { onlyDirty: true })).toEqual(before);
    });

    test("brings back nothing that is not there", async () => {
      const { cache } = bench();
      const { gameId } = await dirtyGame(cache);
      await cache.evict(gameId);
      expect(await cache.reset(gameId, "20", rowOf(gameId, { version: version("25.3") }))).toBe(false);
      expect(await cache.exists(gameId)).toBe(false);
    });

    test("by an ended row ends the copy", async () => {
      const { cache } = bench();
      const { gameId } = await dirtyGame(cache);
      const outcome = { endReason: "draw", winnerIds: [], winnerIsNpc: false } as const;
      await cache.reset(
        gameId,
        "20",
        rowOf(gameId, { version: version("25.3"), fence: "26", status: "ended", outcome }),
      );
      expect(await cache.write(gameId, writeOf(version("26.3")))).toEqual({ kind: "ended" });
    });

    test("by a live row takes the outcome away that the fork had", async () => {
      const { cache } = bench();
      const { gameId, at } = await dirtyGame(cache);
      await cache.seal(gameId, sealOf(at));
      await cache.reset(gameId, "20", rowOf(gameId, { version: version("25.3"), fence: "26" }));
      expect(await copyIn(cache, gameId)).toMatchObject({ status: "live", outcome: null });
    });
  });
}
