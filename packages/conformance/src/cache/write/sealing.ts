import { describe, expect, test } from "vitest";
import { cleanGame, copyIn, dirtyGame, madeBy, newGameId, outcome, sealOf, version, writeOf } from "../../fixtures.js";
import type { CacheBench } from "../cache-under-test.js";

export function sealingTests(bench: () => CacheBench): void {
  describe("seal", () => {
    test("writes as a write does, and ends the game with the outcome", async () => {
      const { cache, other } = bench();
      const { gameId, at } = await cleanGame(cache);
      const request = sealOf(at);
      expect(await cache.seal(gameId, request)).toEqual({ kind: "ok", version: "20.6" });
      expect(await other.claimGame(gameId, { onlyDirty: true })).toMatchObject({
        status: "ended",
        outcome,
        state: request.state,
        logCount: 5,
        entries: request.entries,
        writeIds: `row-write@10.5 ${request.writeId}@20.6`,
      });
      expect(await other.read(gameId)).toMatchObject({ kind: "hit", copy: { status: "ended" } });
      expect(await other.read(gameId, { known: version("20.6") })).toEqual({ kind: "same" });
    });

    test("ends writes and seals, whatever version they expect, and the first outcome stays", async () => {
      const { cache } = bench();
      const { gameId, at } = await dirtyGame(cache);
      const sealed = madeBy(await cache.seal(gameId, sealOf(at)));
      const another = { outcome: { endReason: "timeout", winnerIds: [], winnerIsNpc: true } } as const;
      for (const expected of [at, sealed, version("1.1")]) {
        expect(await cache.write(gameId, writeOf(expected))).toEqual({ kind: "ended" });
        expect(await cache.seal(gameId, sealOf(expected, another))).toEqual({ kind: "ended" });
      }
      expect(await copyIn(cache, gameId)).toMatchObject({ version: sealed, outcome });
    });

    test("again with the same write id is a duplicate, and so are the writes before it", async () => {
      const { cache } = bench();
      const { gameId, at } = await cleanGame(cache);
      const [write, seal] = [writeOf(at), sealOf(version("20.6"))];
      await cache.write(gameId, write);
      await cache.seal(gameId, seal);
      expect(await cache.seal(gameId, seal)).toEqual({ kind: "duplicate", madeVersion: "20.7" });
      expect(await cache.write(gameId, write)).toEqual({ kind: "duplicate", madeVersion: "20.6" });
    });

    test("over a stale version, or of a missing game, ends nothing", async () => {
      const { cache } = bench();
      const { gameId, at } = await dirtyGame(cache);
      expect(await cache.seal(gameId, sealOf(version("20.5")))).toEqual({ kind: "conflict", version: at });
      expect(await cache.read(gameId)).toMatchObject({ copy: { status: "live" } });
      expect(await copyIn(cache, gameId)).toMatchObject({ status: "live", outcome: null });
      expect(await cache.seal(newGameId(), sealOf(at))).toEqual({ kind: "miss" });
    });

    test("and a write at once: one of them is first, and nothing is written after the end", async () => {
      const { cache, other } = bench();
      const { gameId, at } = await cleanGame(cache);
      const [written, sealed] = await Promise.all([cache.write(gameId, writeOf(at)), other.seal(gameId, sealOf(at))]);
      if (sealed.kind === "ok") expect(written).toEqual({ kind: "ended" });
      else expect([written.kind, sealed.kind]).toEqual(["ok", "conflict"]);
      expect(await copyIn(cache, gameId)).toMatchObject({ version: "20.6", logCount: 5 });
    });

    test("a sealed copy is claimed, flushed and acknowledged as others are", async () => {
      const { cache } = bench();
      const { gameId, at } = await cleanGame(cache);
      await cache.seal(gameId, sealOf(at, { flushWithinMs: 0 }));
      const { copies } = await cache.claim({ limit: 10, hideMs: 60_000 });
      expect(copies).toMatchObject([{ gameId, status: "ended", outcome }]);
      expect(await cache.ack(gameId, version("20.6"), 5)).toBe("ok");
      expect(await cache.read(gameId)).toMatchObject({ copy: { status: "ended" } });
      expect(await copyIn(cache, gameId)).toMatchObject({ status: "ended", outcome });
    });
  });
}
