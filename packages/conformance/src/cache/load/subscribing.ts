import type { Change } from "@turnkeep/core/ports";
import { describe, expect, test, vi } from "vitest";
import { cleanGame, madeBy, newGameId, patience, sealOf, version, writeOf } from "../../fixtures.js";
import type { CacheBench } from "../cache-under-test.js";

const noGap = () => {};

export function subscribingTests(bench: () => CacheBench): void {
  describe("subscribe", () => {
    test("delivers every change of the game, from every process, in order", async () => {
      const { cache, other } = bench();
      const { gameId, at } = await cleanGame(cache);
      const changes: Change[] = [];
      const unsubscribe = await other.subscribe(gameId, (change) => changes.push(change), noGap);
      const written = madeBy(await cache.write(gameId, writeOf(at)));
      const sealed = madeBy(await other.seal(gameId, sealOf(written)));
      await cache.evict(gameId);
      await vi.waitFor(() => expect(changes).toEqual([written, sealed, "gone"]), patience);
      unsubscribe();
    });

    test("delivers nothing of writes that were refused, nor of other games", async () => {
      const { cache } = bench();
      const [game, another] = [await cleanGame(cache), await cleanGame(cache)];
      const changes: Change[] = [];
      const unsubscribe = await cache.subscribe(game.gameId, (change) => changes.push(change), noGap);
      await cache.write(game.gameId, writeOf(version("20.1")));
      await cache.write(another.gameId, writeOf(another.at));
      await cache.ack(game.gameId, game.at, 4);
      await cache.adopt(game.gameId, "20", "21");
      const written = madeBy(await cache.write(game.gameId, writeOf(game.at)));
      await vi.waitFor(() => expect(changes).toEqual([written]), patience);
      unsubscribe();
    });

    test("serves several subscribers of one game, until each unsubscribes", async () => {
      const { cache } = bench();
      const { gameId, at } = await cleanGame(cache);
      const [one, two]: [Change[], Change[]] = [[], []];
      const stopOne = await cache.subscribe(gameId, (change) => one.push(change), noGap);
      const stopTwo = await cache.subscribe(gameId, (change) => two.push(change), noGap);
      const first = madeBy(await cache.write(gameId, writeOf(at)));
      await vi.waitFor(() => expect([one, two]).toEqual([[first], [first]]), patience);
      stopOne();
      stopOne();
      const second = madeBy(await cache.write(gameId, writeOf(first)));
      await vi.waitFor(() => expect(two).toEqual([first, second]), patience);
      expect(one).toEqual([first]);
      stopTwo();
    });

    test("an eviction of a game that had left the cache is delivered too, since it may still be watched", async () => {
      const { cache, other } = bench();
      const gameId = newGameId();
      const changes: Change[] = [];
      const unsubscribe = await other.subscribe(gameId, (change) => changes.push(change), noGap);
      expect(await cache.evict(gameId)).toBe("absent");
      await vi.waitFor(() => expect(changes).toEqual(["gone"]), patience);
      unsubscribe();
    });
  });
}
