import { testServers } from "@turnkeep/dev-services/testing";
import pg from "pg";
import { expect, test } from "vitest";
import { newGame, useStore } from "../testing/store-fixture.js";
import { checkOut } from "./pool.js";

const fixture = useStore({ poolSize: 2 });

test("a queue for connections that takes too long says that they are busy, not that Postgres is away", async () => {
  const pool = new pg.Pool({ connectionString: testServers().databaseUrl, max: 1 });
  const held = await pool.connect();
  pool.options.connectionTimeoutMillis = 50;
  const busy = { code: "StoreUnavailable", details: { fate: "notDone", reason: "busy" } };
  await expect(checkOut(pool)).rejects.toMatchObject(busy);
  await expect(checkOut(pool, new AbortController().signal)).rejects.toMatchObject(busy);
  held.release();
  (await checkOut(pool)).release();
  await pool.end();
});

test("far more creations at once than there are connections wait for their turn", async () => {
  const creations = Array.from({ length: 500 }, () => fixture.store.create(newGame()));
  // The last of two connections is kept for flushes.
  await expect.poll(() => fixture.store.poolUse()).toEqual({ size: 2, used: 1, waiting: expect.toSatisfy(Boolean) });
  const replies = await Promise.all(creations);
  expect(fixture.store.poolUse()).toEqual({ size: 2, used: 0, waiting: 0 });
  expect(replies.filter(({ kind }) => kind === "created")).toHaveLength(500);
});
