import { describe, expect, test } from "vitest";
import { newGameId } from "../../fixtures.js";
import { pass } from "../../time.js";
import type { StoreBench } from "../store-under-test.js";

const hour = 3_600_000;

export function leaseTests(bench: () => StoreBench): void {
  describe("leases", () => {
    test("belong to one holder, who may renew", async () => {
      const { store, other } = bench();
      const name = newGameId();
      expect(await store.acquireLease(name, "first", hour)).toBe(true);
      expect(await other.acquireLease(name, "second", hour)).toBe(false);
      expect(await store.acquireLease(name, "first", hour)).toBe(true);
      expect(await other.acquireLease(name, "second", hour)).toBe(false);
    });

    test("of different names do not disturb each other", async () => {
      const { store, other } = bench();
      const name = newGameId();
      expect(await store.acquireLease(`${name}-a`, "first", hour)).toBe(true);
      expect(await other.acquireLease(`${name}-b`, "second", hour)).toBe(true);
    });

    test("taken by many at once go to one", async () => {
      const { store, other } = bench();
      const name = newGameId();
      const holders = ["a", "b", "c", "d", "e", "f"];
      const taken = await Promise.all(
        holders.map((holder, n) => (n % 2 === 0 ? store : other).acquireLease(name, holder, hour)),
      );
      expect(taken.filter(Boolean)).toHaveLength(1);
      const winner = holders[taken.indexOf(true)] ?? "";
      expect(await other.acquireLease(name, winner, hour)).toBe(true);
    });

    test("are given back by their holder alone", async () => {
      const { store, other } = bench();
      const name = newGameId();
      await store.acquireLease(name, "first", hour);
      await other.releaseLease(name, "second");
      expect(await other.acquireLease(name, "second", hour)).toBe(false);
      await store.releaseLease(name, "first");
      expect(await other.acquireLease(name, "second", hour)).toBe(true);
      expect(await store.acquireLease(name, "first", hour)).toBe(false);
      await store.releaseLease(newGameId(), "another");
    });

    test("run out, and then the holder that slept finds another in its place", async () => {
      const { store, other, hooks } = bench();
      const name = newGameId();
      expect(await store.acquireLease(name, "sleeper", 60)).toBe(true);
      await pass(store, 60, hooks.passTime);
      expect(await other.acquireLease(name, "second", hour)).toBe(true);
      expect(await store.acquireLease(name, "sleeper", hour)).toBe(false);
    });

    test("renewed for less or for longer end by the last renewal", async () => {
      const { store, other, hooks } = bench();
      const name = newGameId();
      await store.acquireLease(name, "first", 20);
      await store.acquireLease(name, "first", hour);
      await pass(store, 40, hooks.passTime);
      expect(await other.acquireLease(name, "second", hour)).toBe(false);
      await store.acquireLease(name, "first", 1);
      await pass(store, 1, hooks.passTime);
      expect(await other.acquireLease(name, "second", hour)).toBe(true);
    });
  });

  describe("now", () => {
    test("is one clock for all, in whole milliseconds, that goes on", async () => {
      const { store, other, hooks } = bench();
      const first = await store.now();
      expect(Number.isSafeInteger(first)).toBe(true);
      expect(await other.now()).toBeGreaterThanOrEqual(first);
      await pass(other, 0, hooks.passTime);
      expect(await store.now()).toBeGreaterThan(first);
    });
  });
}
