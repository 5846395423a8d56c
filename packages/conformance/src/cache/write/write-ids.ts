import { rememberedWrites, type Version } from "@turnkeep/core";
import { describe, expect, test } from "vitest";
import { cleanGame, copyIn, install, madeBy, newWriteId, rowOf, version, writeOf } from "../../fixtures.js";
import type { CacheBench } from "../cache-under-test.js";

export function writeIdTests(bench: () => CacheBench): void {
  describe("write ids", () => {
    test("a retry after others wrote is a duplicate, reports what it made, and changes nothing", async () => {
      const { cache, other } = bench();
      const { gameId, at } = await cleanGame(cache);
      const mine = writeOf(at);
      const made = madeBy(await cache.write(gameId, mine));
      await other.write(gameId, writeOf(made));
      const before = await copyIn(cache, gameId);
      expect(await cache.write(gameId, mine)).toEqual({ kind: "duplicate", madeVersion: made });
      expect(await copyIn(cache, gameId)).toEqual(before);
    });

    test("a retry at once with the first is applied once", async () => {
      const { cache, other } = bench();
      const { gameId, at } = await cleanGame(cache);
      const mine = writeOf(at);
      const replies = await Promise.all([cache.write(gameId, mine), other.write(gameId, mine)]);
      expect(replies.map(({ kind }) => kind).sort()).toEqual(["duplicate", "ok"]);
      expect(await copyIn(cache, gameId)).toMatchObject({ version: "20.6", logCount: 5 });
    });

    test("a retry after the copy was lost and loaded again is a duplicate", async () => {
      const { cache } = bench();
      const { gameId, at } = await cleanGame(cache);
      const mine = writeOf(at);
      await cache.write(gameId, mine);
      const flushed = await copyIn(cache, gameId);
      await cache.evict(gameId);
      await install(cache, rowOf(gameId, { ...flushed, fence: "30" }));
      const reply = await cache.write(gameId, mine);
      expect(reply).toEqual({ kind: "duplicate", madeVersion: "20.6" });
    });

    test("a write that was refused is not remembered", async () => {
      const { cache } = bench();
      const { gameId, at } = await cleanGame(cache);
      const early = writeOf(version("20.6"));
      expect(await cache.write(gameId, early)).toMatchObject({ kind: "conflict" });
      await cache.write(gameId, writeOf(at));
      expect(await cache.write(gameId, early)).toMatchObject({ kind: "ok", version: "20.7" });
    });

    test("the last sixteen are remembered, oldest forgotten first", async () => {
      const { cache } = bench();
      const { gameId, at } = await cleanGame(cache, { writeIds: "" });
      const writeIds = Array.from({ length: rememberedWrites + 1 }, newWriteId);
      let current: Version = at;
      for (const writeId of writeIds) current = madeBy(await cache.write(gameId, writeOf(current, { writeId })));
      const remembered = (await copyIn(cache, gameId)).writeIds.split(" ");
      expect(remembered).toEqual(writeIds.slice(1).map((writeId, n) => `${writeId}@20.${n + 7}`));
      const retry = (writeId = "") => cache.write(gameId, writeOf(at, { writeId }));
      expect(await retry(writeIds[1])).toEqual({ kind: "duplicate", madeVersion: "20.7" });
      expect(await retry(writeIds[0])).toEqual({ kind: "conflict", version: current });
    });

    test("one id that is the beginning or the end of another is not taken for it", async () => {
      const { cache } = bench();
      const writeIds = "a-long-write-id-1@10.3 long-write-id-1@10.4 prefix-long-write@10.5";
      const { gameId, at } = await cleanGame(cache, { writeIds });
      let current: Version = at;
      for (const writeId of ["long-write-id", "long-write", "write-id-1", "g-write-id-1"]) {
        const reply = await cache.write(gameId, writeOf(current, { writeId }));
        expect(reply).toMatchObject({ kind: "ok" });
        current = madeBy(reply);
      }
      const known = { kind: "duplicate", madeVersion: "10.4" };
      expect(await cache.write(gameId, writeOf(at, { writeId: "long-write-id-1" }))).toMatchObject(known);
    });

    test("of a bad form are refused, and nothing is written", async () => {
      const { cache } = bench();
      const { gameId, at } = await cleanGame(cache);
      for (const writeId of ["short", "with space in it", "with@sign-inside", "x".repeat(65), ""]) {
        const refused = cache.write(gameId, writeOf(at, { writeId }));
        await expect(refused).rejects.toMatchObject({ code: "InvalidInput" });
      }
      expect(await cache.read(gameId, { known: at })).toMatchObject({ kind: "same" });
    });
  });
}
