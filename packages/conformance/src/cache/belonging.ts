import type { Cache } from "@turnkeep/core/ports";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { cleanGame, dirtyGame, rowOf, sealOf, writeOf } from "../fixtures.js";
import type { CacheBench } from "./cache-under-test.js";

const [ours, theirs] = ["0a4c1d52-6f0e-4b43-9a51-0a3f5b1d7c11/stones", "1b4c1d52-6f0e-4b43-9a51-0a3f5b1d7c11/stones"];
const refused = { code: "Misconfigured", message: expect.stringContaining("two deployments share one cache") };

/** The last tests of the suite, since the keys belong to one deployment from here on. */
export function belongingTests(bench: () => CacheBench): void {
  describe("belonging", () => {
    let foreign: Cache;
    beforeEach(async () => {
      const { cache, other, hooks } = bench();
      foreign = hooks.createCache();
      await foreign.start();
      await Promise.all([cache.belongTo(ours), other.belongTo(ours)]);
    });
    afterEach(() => foreign.close());

    test("the first deployment owns the keys, and another one learns so, however often it comes", async () => {
      await expect(foreign.belongTo(theirs)).rejects.toMatchObject(refused);
      await expect(foreign.belongTo(theirs)).rejects.toMatchObject(refused);
      await bench().cache.belongTo(ours);
      await foreign.belongTo(ours);
    });

    test("no operation of another deployment reads or changes a game", async () => {
      const { cache, other } = bench();
      const [dirty, clean] = [await dirtyGame(cache), await cleanGame(cache)];
      await expect(foreign.belongTo(theirs)).rejects.toMatchObject(refused);
      const { gameId, at } = dirty;
      const calls: Record<string, () => Promise<unknown>> = {
        read: () => foreign.read(gameId, { token: "load" }),
        readClean: () => foreign.read(clean.gameId, { known: clean.at }),
        install: () => foreign.install(gameId, "load", rowOf(gameId)),
        write: () => foreign.write(gameId, writeOf(at)),
        seal: () => foreign.seal(gameId, sealOf(at)),
        claim: () => foreign.claim({ limit: 10, hideMs: 60_000, dueWithinMs: 3_600_000 }),
        claimGame: () => foreign.claimGame(gameId),
        ack: () => foreign.ack(gameId, at, 1),
        adopt: () => foreign.adopt(gameId, "20", "99"),
        reset: () => foreign.reset(gameId, "20", rowOf(gameId)),
        unverify: () => foreign.unverify(gameId),
        evict: () => foreign.evict(gameId),
        evictClean: () => foreign.evict(clean.gameId, clean.at),
        reindex: () => foreign.reindex([gameId]),
      };
      const outcomes = await Promise.all(
        Object.entries(calls).map(async ([operation, call]) => {
          const error: unknown = await call().catch((thrown: unknown) => thrown);
          return [operation, error instanceof Error && "code" in error ? error.code : "was taken"];
        }),
      );
      expect(outcomes).toEqual(Object.keys(calls).map((operation) => [operation, "Misconfigured"]));
      expect(await other.claimGame(gameId, { onlyDirty: true })).toMatchObject({ version: at });
      expect(await other.read(clean.gameId, { known: clean.at })).toEqual({ kind: "same" });
      // By the cache that wrote it: on a Cluster others find the part by and by.
      const claimed = await cache.claim({ limit: 10, hideMs: 0, dueWithinMs: 3_600_000 });
      expect(claimed.copies.map((copy) => copy.gameId)).toEqual([gameId]);
    });
  });
}
