import { describe, expect, test } from "vitest";
import { pass } from "../../time.js";
import type { StoreBench } from "../store-under-test.js";

const noBound = 3_600_000;

export function serviceClockTests(bench: () => StoreBench): void {
  describe("beatServiceClock", () => {
    const passed = (ms: number) => pass(bench().store, ms, bench().hooks.passTime);

    test("is one clock for all, in whole milliseconds, that goes on and never back", async () => {
      const { store, other } = bench();
      let before = await store.beatServiceClock(noBound);
      for (const by of [other, store, other]) {
        await passed(3);
        const now = await by.beatServiceClock(noBound);
        expect(Number.isSafeInteger(now)).toBe(true);
        expect(now).toBeGreaterThan(before);
        before = now;
      }
    });

    test("counts the time that passed between two beats", async () => {
      const { store, other } = bench();
      const before = await store.now();
      const [from, began] = [await store.beatServiceClock(noBound), await store.now()];
      await passed(50);
      const [ended, to] = [await store.now(), await other.beatServiceClock(noBound)];
      expect(to - from).toBeGreaterThanOrEqual(ended - began - 1);
      expect(to - from).toBeLessThanOrEqual((await store.now()) - before + 1);
    });

    test("counts no more of a gap than it may, and what is left out stays out", async () => {
      const { store, other } = bench();
      const from = await store.beatServiceClock(noBound);
      await passed(60);
      const began = await store.now();
      expect(await other.beatServiceClock(10)).toBe(from + 10);
      const next = await store.beatServiceClock(noBound);
      // Of the sixty and more that passed before it: ten.
      expect(next - from).toBeLessThanOrEqual(10 + (await store.now()) - began + 1);
      await passed(20);
      expect(await store.beatServiceClock(0)).toBe(next);
    });

    test("by many at once adds up to the time that passed, never more", async () => {
      const { store, other } = bench();
      const [began, from] = [await store.now(), await store.beatServiceClock(noBound)];
      const beats = await Promise.all(
        Array.from({ length: 60 }, (_, n) => (n % 2 === 0 ? store : other).beatServiceClock(noBound)),
      );
      const to = await other.beatServiceClock(noBound);
      const took = (await store.now()) - began;
      expect(to - from).toBeLessThanOrEqual(took + 1);
      for (const beat of beats) {
        expect(beat).toBeGreaterThanOrEqual(from);
        expect(beat).toBeLessThanOrEqual(to);
      }
    });

    test("takes whole milliseconds only", async () => {
      const { store } = bench();
      for (const gap of [-1, 0.5, Number.NaN]) {
        await expect(store.beatServiceClock(gap)).rejects.toMatchObject({ code: "InvalidInput" });
      }
    });
  });
}
