import { inspect } from "node:util";
import { createVirtualRuntime } from "@turnkeep/core/virtual-runtime";
import { freePort } from "@turnkeep/dev-services";
import { testServers, uniqueName } from "@turnkeep/dev-services/testing";
import { Sequelize } from "sequelize";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createSqlStore } from "../store.js";
import { killBackends } from "../testing/backends.js";
import { startFaultyProxy } from "../testing/faulty-proxy.js";
import { lockWaits } from "../testing/lock-waits.js";
import { created, newGame, nextCopy, patient, sealedCopy, useStore } from "../testing/store-fixture.js";

const applicationName = uniqueName("faults");
const fixture = useStore({ advanced: { applicationName } });
const outside = { sequelize: undefined as unknown as Sequelize };

beforeAll(() => {
  outside.sequelize = new Sequelize(testServers().databaseUrl, { dialect: "postgres", logging: false });
});
afterAll(() => outside.sequelize.close());

const failure = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => "no error",
    (error: unknown) => error,
  );
const unavailable = (fate: string) => ({ code: "StoreUnavailable", details: { fate } });

test("killed idle backends end no process; calls fail at most until the pool has noticed", async () => {
  const { store } = fixture;
  const row = await created(store);
  await killBackends(outside.sequelize, applicationName, { count: 1 });
  for (let failures = 0; failures < 10; failures += 1) {
    const outcome = await failure(store.load(row.gameId));
    if (outcome === "no error") break;
    expect(outcome).toMatchObject({ code: "StoreUnavailable" });
  }
  expect(await store.status(row.gameId)).toBe("live");
});

test("a backend killed during a statement leaves a flush or an archive unknown and a transaction undone; then all goes on", async () => {
  const { store } = fixture;
  const [flushed, archived, deleted] = await Promise.all([created(store), created(store), created(store)]);
  const transaction = await outside.sequelize.transaction();
  for (const { gameId } of [flushed, archived, deleted]) await store.lock(gameId, { transaction });
  const calls = [
    store.flush([nextCopy(flushed)]),
    store.archive({ copy: sealedCopy(archived) }),
    store.remove(deleted.gameId),
  ];
  const failures = calls.map((call) => failure(call));
  await killBackends(outside.sequelize, applicationName, { count: 3, waiting: true });
  const [unknown, notDone] = [unavailable("unknown"), unavailable("notDone")];
  expect(await Promise.all(failures)).toMatchObject([unknown, unknown, notDone]);
  await transaction.rollback();
  expect(await store.flush([nextCopy(flushed)])).toMatchObject([{ kind: "written" }]);
  expect(await store.archive({ copy: sealedCopy(archived) })).toMatchObject({ kind: "archived" });
  expect(await store.remove(deleted.gameId)).toBe("live");
});

test("a lock that is held too long refuses the statement, and nothing is done", async () => {
  const { store, schema } = fixture;
  const row = await created(store);
  const impatient = createSqlStore({ url: testServers().databaseUrl, schema, ...patient, lockTimeoutMs: 50 });
  await impatient.start();
  const transaction = await store.sequelize.transaction();
  await store.lock(row.gameId, { transaction });
  expect(await failure(impatient.flush([nextCopy(row)]))).toMatchObject({
    code: "StoreUnavailable",
    details: { fate: "notDone", reason: "busy" },
  });
  expect(await failure(impatient.remove(row.gameId))).toMatchObject(unavailable("notDone"));
  await transaction.rollback();
  expect(await impatient.flush([nextCopy(row)])).toMatchObject([{ kind: "written" }]);
  await impatient.close();
});

test("a call whose signal fires ends at once, and leaves a sound pool behind", async () => {
  const { store, schema } = fixture;
  const row = await created(store);
  const one = createSqlStore({ url: testServers().databaseUrl, schema, ...patient, poolSize: 1 });
  await one.start();
  const early = AbortSignal.abort();
  expect(await failure(one.load(row.gameId, { signal: early }))).toMatchObject({
    code: "Aborted",
    details: { fate: "notDone" },
  });

  const transaction = await store.sequelize.transaction();
  await store.lock(row.gameId, { transaction });
  const [running, queued] = [new AbortController(), new AbortController()];
  const flush = failure(one.flush([nextCopy(row)], { signal: running.signal }));
  const count = failure(one.countActive({ signal: queued.signal }));
  queued.abort();
  expect(await count).toMatchObject({ code: "Aborted", details: { fate: "notDone" } });
  await lockWaits(store.sequelize, schema, 1);
  running.abort();
  expect(await flush).toMatchObject({ code: "Aborted", details: { fate: "unknown" } });
  expect(await one.status(row.gameId)).toBe("live");
  await transaction.rollback();
  await one.close();
});

test("a connection that swallows everything is given up on, and the write's fate is unknown", async () => {
  const { schema, store } = fixture;
  const row = await created(store);
  const proxy = await startFaultyProxy(new URL(testServers().databaseUrl));
  const runtime = createVirtualRuntime();
  const behind = createSqlStore({ url: proxy.url, schema, ...patient, connectTimeoutMs: 500, runtime });
  // A busy machine may well take longer than that to connect; what this is about begins when it is there.
  await vi.waitFor(() => behind.start());
  proxy.swallow();
  const flush = failure(behind.flush([nextCopy(row)]));
  await vi.waitFor(() => expect(runtime.untilNextTimerMs()).toBe(patient.statementTimeoutMs + 1_000));
  await runtime.advance(patient.statementTimeoutMs + 1_000);
  expect(await flush).toMatchObject(unavailable("unknown"));
  expect(await failure(behind.countActive())).toMatchObject(unavailable("notDone"));
  await proxy.close();
  await behind.close();
});

test("a connection that swallows everything is given up on also where the server has no time limit", async () => {
  const { schema, store } = fixture;
  const row = await created(store);
  const proxy = await startFaultyProxy(new URL(testServers().databaseUrl));
  const runtime = createVirtualRuntime();
  const unlimited = { statementTimeoutMs: 0, lockTimeoutMs: 0 };
  const behind = createSqlStore({ url: proxy.url, schema, ...patient, ...unlimited, runtime });
  await vi.waitFor(() => behind.start());
  const transaction = await behind.sequelize.transaction();
  await behind.status(row.gameId, { transaction });
  proxy.swallow();
  const calls = [failure(behind.flush([nextCopy(row)])), failure(behind.lock(row.gameId, { transaction }))];
  await vi.waitFor(() => expect(runtime.untilNextTimerMs()).toBe(11_000));
  await runtime.advance(11_000);
  expect(await Promise.all(calls)).toMatchObject([unavailable("unknown"), unavailable("notDone")]);
  await proxy.close();
  await transaction.rollback().catch(() => undefined);
  await behind.close();
});

test("creations that wait for those before them are busy, once they have waited as long as a call may", async () => {
  const proxy = await startFaultyProxy(new URL(testServers().databaseUrl));
  const runtime = createVirtualRuntime();
  const behind = createSqlStore({ url: proxy.url, schema: fixture.schema, ...patient, runtime });
  await vi.waitFor(() => behind.start());
  const large = () => newGame({ state: JSON.stringify("x".repeat(300_000)) });
  // Two connections are there, so that two statements are under way.
  await Promise.all([behind.create(large()), behind.create(large())]);
  proxy.swallow();
  const sent = [failure(behind.create(large())), failure(behind.create(large()))];
  const waiting = failure(behind.create(newGame()));
  await vi.waitFor(() => expect(runtime.untilNextTimerMs()).toBe(patient.statementTimeoutMs + 1_000));
  await runtime.advance(patient.statementTimeoutMs + 1_000);
  expect(await Promise.all(sent)).toMatchObject([unavailable("unknown"), unavailable("unknown")]);
  expect(await waiting).toMatchObject({ code: "StoreUnavailable", details: { fate: "notDone", reason: "busy" } });
  await proxy.close();
  await behind.close();
});

test("calls that wait for locked rows leave connections to flushes; who finds none is busy, not away", async () => {
  const { schema, store } = fixture;
  const [locked, free, other] = [await created(store), await created(store), await created(store)];
  const runtime = createVirtualRuntime();
  const small = createSqlStore({ url: testServers().databaseUrl, schema, ...patient, poolSize: 4, runtime });
  await vi.waitFor(() => small.start());
  const transaction = await store.sequelize.transaction();
  await store.lock(locked.gameId, { transaction });
  const removals = Array.from({ length: 6 }, () => failure(small.remove(locked.gameId)));
  await lockWaits(store.sequelize, schema, 2);
  expect(await small.load(free.gameId)).toMatchObject({ kind: "row" });
  const loads = [failure(small.load(locked.gameId)), failure(small.load(locked.gameId))];
  await lockWaits(store.sequelize, schema, 3);
  expect(await small.flush([nextCopy(other)])).toMatchObject([{ kind: "written" }]);
  await runtime.advance(patient.connectTimeoutMs);
  const busy = { code: "StoreUnavailable", details: { fate: "notDone", reason: "busy" } };
  expect(await loads[1]).toMatchObject(busy);
  expect(await Promise.all(removals.slice(2))).toMatchObject([busy, busy, busy, busy]);
  await transaction.rollback();
  await Promise.all([...removals, ...loads]);
  await small.close();
});

test("a COMMIT whose reply is lost leaves the fate unknown, and what it committed is there", async () => {
  const { schema, store } = fixture;
  const row = await created(store);
  const proxy = await startFaultyProxy(new URL(testServers().databaseUrl));
  const behind = createSqlStore({ url: proxy.url, schema, ...patient });
  await behind.start();
  proxy.loseReplyTo("\0COMMIT\0"); // the whole text: BEGIN holds the word too
  expect(await failure(behind.remove(row.gameId))).toMatchObject(unavailable("unknown"));
  expect(await store.status(row.gameId)).toBe("deleted");
  expect(await behind.remove(row.gameId)).toBe("deleted");
  await behind.close();
  await proxy.close();
});

test("start distinguishes a server that is away from one that refuses", async () => {
  const { databaseUrl } = testServers();
  const away = new URL(databaseUrl);
  away.port = String(await freePort());
  const refused = new URL(databaseUrl);
  refused.pathname = `/${uniqueName("no_database")}`;
  const stores = [away, refused].map((url) => createSqlStore({ url: url.href }));
  expect(await Promise.all(stores.map((store) => failure(store.start())))).toMatchObject([
    unavailable("notDone"),
    { code: "Misconfigured" },
  ]);
  expect(await failure(stores[0]?.migrate() ?? Promise.resolve())).toMatchObject(unavailable("notDone"));
  await Promise.all(stores.map((store) => store.close()));
});

test("calls before start and after close are refused; both may be repeated", async () => {
  const store = createSqlStore({ url: testServers().databaseUrl, schema: fixture.schema, ...patient });
  const notRunning = { code: "NotRunning" };
  expect(await failure(store.countActive())).toMatchObject(notRunning);
  await Promise.all([store.start(), store.start()]);
  await store.ping();
  await store.close();
  await store.close();
  expect(await failure(store.countActive())).toMatchObject(notRunning);
  expect(await failure(store.start())).toMatchObject(notRunning);
});

test("what Postgres cannot store is refused as input, stores nothing, and no error quotes it", async () => {
  const { store } = fixture;
  const secret = "the-top-card-is-a-queen";
  const row = await created(store);
  const before = await store.countActive();
  const attempts = [
    store.create(newGame({ rules: `{"${secret}": broken` })),
    store.create(newGame({ state: `"${secret}\u0000"` })),
    store.create(newGame({ gameType: secret as "ranked", state: secret })),
    store.flush([nextCopy(row, { state: `${secret}\u0000` })]),
    store.flush([nextCopy(row, { fence: "9999999999999999999", state: secret })]),
    store.archive({ copy: sealedCopy(row, { state: `{"${secret}":` }) }),
    store.listActive(`${secret}\u0000`, {}),
  ];
  for (const error of await Promise.all(attempts.map(failure))) {
    expect(error).toMatchObject({ code: "InvalidInput" });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(secret);
  }
  expect(await store.countActive()).toBe(before);
  expect(await store.read(row.gameId)).toEqual({ kind: "row", game: row });
});

test("an id in another spelling is refused by every operation that takes one", async () => {
  const { store } = fixture;
  const row = await created(store);
  const { gameId } = row;
  for (const alias of [gameId.toUpperCase(), `{${gameId}}`, gameId.replaceAll("-", ""), `${gameId} `]) {
    const calls = [
      store.create(newGame({ gameId: alias })),
      store.load(alias),
      store.read(alias),
      store.status(alias),
      store.flush([{ ...nextCopy(row), gameId: alias }]),
      store.archive({ copy: { ...sealedCopy(row), gameId: alias } }),
      store.remove(alias),
      store.quarantine({ ...row, gameId: alias }, "why", new Uint8Array()),
      store.readLog(alias, { from: 1, limit: 1 }),
      store.findHistory(alias),
      store.readReplay(alias),
      store.loadPage([alias]),
      store.listGone([alias]),
    ];
    for (const error of await Promise.all(calls.map(failure))) expect(error).toMatchObject({ code: "InvalidGameId" });
  }
});

test.each(["active_games", "game_log", "game_history"])(
  "a constraint too many on %s: Postgres no longer takes what it has kept",
  async (table) => {
    const { store, schema } = fixture;
    const row = await created(store);
    await store.archive({ copy: sealedCopy(await created(store)) });
    expect(await store.canStore(row.gameId)).toBe(true);
    await outside.sequelize.query(`ALTER TABLE "${schema}".${table} ADD CONSTRAINT too_many CHECK (false) NOT VALID`);
    try {
      expect(await store.canStore(row.gameId)).toBe(false);
    } finally {
      await outside.sequelize.query(`ALTER TABLE "${schema}".${table} DROP CONSTRAINT too_many`);
    }
    expect(await store.canStore(row.gameId)).toBe(true);
  },
);

test("a row that is locked is busy: nothing is said of what Postgres takes", async () => {
  const { store, schema } = fixture;
  const row = await created(store);
  const impatient = createSqlStore({ url: testServers().databaseUrl, schema, ...patient, lockTimeoutMs: 50 });
  await impatient.start();
  const transaction = await store.sequelize.transaction();
  await store.lock(row.gameId, { transaction });
  const busy = { code: "StoreUnavailable", details: { reason: "busy" } };
  await expect(impatient.canStore(row.gameId)).rejects.toMatchObject(busy);
  await transaction.rollback();
  await impatient.close();
});
