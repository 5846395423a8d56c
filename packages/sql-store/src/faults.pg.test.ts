import { randomUUID } from "node:crypto";
import { createServer } from "node:net";
import { testServers } from "@turnkeep/dev-services/testing";
import { Sequelize } from "sequelize";
import { expect, test } from "vitest";
import { createSqlStore } from "./create-sql-store.js";
import { created, loaded, newGame, nextCopy, sealedCopy, useStore } from "./testing/store-fixture.js";

const applicationName = `faults-${randomUUID().slice(0, 8)}`;
const fixture = useStore({ applicationName, statementTimeoutMs: 2_000, lockTimeoutMs: 300 });

/** Ends the store's connections from another one; all of them, or those that wait for a lock. */
async function killBackends({ waiting = false } = {}): Promise<number> {
  const outside = new Sequelize(testServers().databaseUrl, { dialect: "postgres", logging: false });
  const where = waiting ? "AND wait_event_type = 'Lock'" : "";
  try {
    for (;;) {
      const [rows] = await outside.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '${applicationName}' ${where}`,
      );
      if (rows.length > 0) return rows.length;
    }
  } finally {
    await outside.close();
  }
}

test("killed backends end no process; calls fail until the pool has noticed, then work again", async () => {
  const { store } = fixture;
  const row = await created(store);
  expect(await killBackends()).toBeGreaterThan(0);
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const reply = await store.load(row.gameId).catch((error: unknown) => error);
    if (!(reply instanceof Error)) break;
    expect(reply).toMatchObject({ code: "StoreUnavailable" });
  }
  expect(await store.status(row.gameId)).toBe("live");
});

test("a backend that is killed during a flush leaves it unknown; the retry tells what became of it", async () => {
  const { store } = fixture;
  const row = await created(store);
  const transaction = await new Sequelize(testServers().databaseUrl, { dialect: "postgres", logging: false }).transaction();
  try {
    await store.lock(row.gameId, { transaction });
    const flushed = store.flush([nextCopy(row)]);
    const archived = store.archive({ copy: sealedCopy(row) });
    const fates = Promise.allSettled([flushed, archived]);
    await killBackends({ waiting: true });
    await killBackends({ waiting: true }).catch(() => 0);
    await transaction.rollback();
    const [flush, archive] = await fates;
    expect(flush).toMatchObject({ reason: { code: "StoreUnavailable", details: { fate: "unknown" } } });
    expect(archive).toMatchObject({ reason: { code: "StoreUnavailable", details: { fate: "notDone" } } });
  } finally {
    await transaction.sequelize.close();
  }
  expect(await store.flush([nextCopy(row)])).toMatchObject([{ kind: "written" }]);
});
