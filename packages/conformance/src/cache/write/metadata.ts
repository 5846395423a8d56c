import { describe, expect, test, vi } from "vitest";
import {
  cleanGame,
  copyIn,
  hitIn,
  install,
  madeBy,
  newGameId,
  patience,
  rowOf,
  version,
  writeOf,
} from "../../fixtures.js";
import type { CacheBench, CacheUnderTest } from "../cache-under-test.js";

export function metadataTests(bench: () => CacheBench, { makeUnverified }: CacheUnderTest): void {
  describe("setMetadata", () => {
    const old = { metadata: '{"seats":{}}', metadataVersion: "12" };
    const newer = { metadata: '{ "seats" : {"0": "é"} }', metadataVersion: "13" };

    test("gives a copy what the store has, for every reader; its state and its version stay, and it stays clean", async () => {
      const { cache, other } = bench();
      const { gameId, at } = await cleanGame(cache, old);
      const before = await copyIn(cache, gameId);
      const heard: string[] = [];
      await other.subscribe(
        gameId,
        (change) => heard.push(change),
        () => undefined,
      );
      await cache.setMetadata(gameId, newer);
      expect(hitIn(await other.read(gameId))).toMatchObject({ version: at, ...newer });
      expect(await copyIn(other, gameId)).toEqual(before);
      expect(await cache.claimGame(gameId, { onlyDirty: true })).toBeNull();
      await vi.waitFor(() => expect(heard).toEqual([at]), patience);
      // A write leaves it as it is.
      madeBy(await cache.write(gameId, writeOf(at)));
      expect(hitIn(await other.read(gameId))).toMatchObject(newer);
    });

    test("makes a hit of what a reader holds with the older one", async () => {
      const { cache, other } = bench();
      const { gameId, at } = await cleanGame(cache, old);
      expect(await other.read(gameId, { known: at, knownMetadata: "12" })).toEqual({ kind: "same" });
      expect(await other.read(gameId, { known: at })).toMatchObject({ kind: "hit" });
      await cache.setMetadata(gameId, newer);
      expect(await other.read(gameId, { known: at, knownMetadata: "12" })).toMatchObject({ kind: "hit" });
      expect(await other.read(gameId, { known: at, knownMetadata: "13" })).toEqual({ kind: "same" });
    });

    test("never sets a copy back, by number and not by text", async () => {
      const { cache } = bench();
      const { gameId } = await cleanGame(cache, { metadataVersion: "100" });
      const before = hitIn(await cache.read(gameId));
      for (const metadataVersion of ["99", "100", "2"]) {
        await cache.setMetadata(gameId, { metadata: '"old"', metadataVersion });
      }
      expect(hitIn(await cache.read(gameId))).toEqual(before);
    });

    test("without a copy makes none, and a load that read the row before installs nothing", async () => {
      const { cache, other } = bench();
      const row = rowOf(newGameId(), old);
      await cache.read(row.gameId, { token: "load" });
      await other.setMetadata(row.gameId, newer);
      expect(await cache.install(row.gameId, "load", row)).toEqual({ kind: "tokenLost" });
      expect(await cache.exists(row.gameId)).toBe(false);
      await install(cache, { ...row, ...newer });
      expect(hitIn(await other.read(row.gameId))).toMatchObject(newer);
    });

    test("stays, where an older row of a restored store replaces a fork", async () => {
      const { cache, other } = bench();
      const fork = await cleanGame(cache, old);
      await cache.setMetadata(fork.gameId, newer);
      const row = rowOf(fork.gameId, { ...old, version: version("26.3"), fence: "26" });
      expect(await cache.reset(fork.gameId, "20", row)).toBe(true);
      expect(hitIn(await other.read(fork.gameId))).toMatchObject({ version: "26.3", ...newer });
    });

    if (makeUnverified === undefined) return;
    test("reaches an unverified copy too, and the row's counts where that is newer", async () => {
      const { cache, other } = bench();
      const { gameId } = await cleanGame(cache, old);
      await makeUnverified(gameId);
      await cache.setMetadata(gameId, newer);
      await install(cache, rowOf(gameId, { ...old, fence: "30" }));
      expect(hitIn(await other.read(gameId))).toMatchObject({ version: "30.5", ...newer });
      await makeUnverified(gameId);
      await install(cache, rowOf(gameId, { fence: "31", metadata: '"row"', metadataVersion: "14" }));
      expect(hitIn(await other.read(gameId))).toMatchObject({ metadata: '"row"', metadataVersion: "14" });
    });
  });
}
