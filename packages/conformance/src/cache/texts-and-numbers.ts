import { describe, expect, test } from "vitest";
import { awkwardTexts, bigState } from "../awkward-texts.js";
import { cleanGame, copyIn, hitIn, madeBy, rowOf, sealOf, version, writeOf } from "../fixtures.js";
import type { CacheBench } from "./cache-under-test.js";

export function textAndNumberTests(bench: () => CacheBench): void {
  describe("texts and numbers", () => {
    test.each(awkwardTexts)("the very bytes come back: %s", async (_name, text) => {
      const { cache, other } = bench();
      const { gameId, at } = await cleanGame(cache, { state: text });
      expect(hitIn(await other.read(gameId)).state).toBe(text);
      await cache.write(gameId, writeOf(at, { state: text, entries: [text, text] }));
      expect(hitIn(await other.read(gameId)).state).toBe(text);
      expect(await copyIn(other, gameId)).toMatchObject({ state: text, entries: [text, text] });
    });

    test.each(awkwardTexts)("a state may be sent as its bytes, wherever they lie: %s", async (_name, text) => {
      const { cache, other } = bench();
      const { gameId, at } = await cleanGame(cache);
      const state = new TextEncoder().encode(`"before"${text}"after"`).subarray(8, -7);
      const written = await cache.write(gameId, writeOf(at, { state, forFlush: true }));
      expect(hitIn(await other.read(gameId)).state).toBe(text);
      const { origin: _, ...claimed } = await copyIn(other, gameId);
      expect(claimed.state).toBe(text);
      expect(written).toEqual({ kind: "ok", version: "20.6", copy: claimed });
      await cache.seal(gameId, sealOf(madeBy(written), { state }));
      expect(await copyIn(other, gameId)).toMatchObject({ status: "ended", state: text });
    });

    test("a big state and thousands of entries at once come back whole", async () => {
      const { cache } = bench();
      const { gameId, at } = await cleanGame(cache);
      const state = bigState(1_000_000);
      const entries = Array.from({ length: 5_000 }, (_, n) => `{"n":${n}}`);
      await cache.write(gameId, writeOf(at, { state, entries }));
      const copy = await copyIn(cache, gameId);
      expect(copy.state === state).toBe(true);
      expect(copy.entries).toEqual(entries);
      expect(copy.logCount).toBe(5_004);
    });

    test("revisions, lineages and fences count exactly beyond 2^53", async () => {
      const { cache } = bench();
      const fence = "9007199254740993";
      const { gameId, at } = await cleanGame(cache, { version: version("1.9007199254740992"), fence });
      expect(at).toBe(`${fence}.9007199254740992`);
      const made = madeBy(await cache.write(gameId, writeOf(at)));
      expect(made).toBe(`${fence}.9007199254740993`);
      expect(await cache.write(gameId, writeOf(at))).toEqual({ kind: "conflict", version: made });
      expect(await cache.ack(gameId, at, 5)).toBe("newer");
      await cache.adopt(gameId, "9007199254740992", "9007199254740999");
      await cache.adopt(gameId, fence, "9007199254740995");
      await cache.adopt(gameId, fence, "9007199254740994");
      expect(await copyIn(cache, gameId)).toMatchObject({ fence: "9007199254740995" });
      expect(await cache.ack(gameId, made, 5)).toBe("ok");
    });

    test("numbers are compared as numbers: 9 is less than 10", async () => {
      const { cache } = bench();
      const { gameId, at } = await cleanGame(cache, { fence: "9", version: version("8.9") });
      const made = madeBy(await cache.write(gameId, writeOf(at)));
      expect(made).toBe("9.10");
      await cache.adopt(gameId, "9", "10");
      await cache.adopt(gameId, "9", "9");
      expect(await copyIn(cache, gameId)).toMatchObject({ fence: "10" });
      expect(await cache.reset(gameId, "9", rowOf(gameId, { version: version("10.1"), fence: "11" }))).toBe(true);
    });
  });
}
