import { expect, test } from "vitest";
import { useStore } from "../../testing/store-fixture.js";

const fixture = useStore();

test("a lease is one holder's until it ends, is given back, or is renewed", async () => {
  const { store, schema } = fixture;
  expect(await store.acquireLease("work", "a", 60_000)).toBe(true);
  expect(await store.acquireLease("work", "b", 60_000)).toBe(false);
  expect(await store.acquireLease("other work", "b", 60_000)).toBe(true);
  await store.sequelize.query(`UPDATE "${schema}".game_leases SET expires_at = clock_timestamp() WHERE name = 'work'`);
  expect(await store.acquireLease("work", "b", 60_000)).toBe(true);
  await store.releaseLease("work", "a");
  expect(await store.acquireLease("work", "a", 60_000)).toBe(false);
  await store.releaseLease("work", "b");
  const takers = await Promise.all(["c", "d", "e", "f"].map((holder) => store.acquireLease("work", holder, 60_000)));
  expect(takers.filter(Boolean)).toHaveLength(1);
});

test("the time is Postgres's own, in milliseconds", async () => {
  const { store } = fixture;
  const [first, second] = [await store.now(), await store.now()];
  expect(Number.isInteger(first) && first > Date.UTC(2024, 0)).toBe(true);
  expect(second).toBeGreaterThanOrEqual(first);
});

test("the service clock stands still if Postgres's clock was set back, and goes on from there", async () => {
  const { store, schema } = fixture;
  await store.sequelize.query(
    `UPDATE "${schema}".game_service_clock SET up_us = 10000000000, beat_at = clock_timestamp() + interval '1 hour'`,
  );
  expect(await store.beatServiceClock(5_000)).toBe(10_000_000);
  await store.sequelize.query(
    `UPDATE "${schema}".game_service_clock SET beat_at = clock_timestamp() - interval '2 seconds'`,
  );
  const next = await store.beatServiceClock(5_000);
  expect(next).toBeGreaterThanOrEqual(10_002_000);
  expect(next).toBeLessThanOrEqual(10_005_000);
});
