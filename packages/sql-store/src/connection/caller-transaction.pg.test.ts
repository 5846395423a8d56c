import type { Transaction } from "sequelize";
import { expect, test, vi } from "vitest";
import { created, loaded, newGame, nextCopy, sealedCopy, useStore, victory } from "../testing/store-fixture.js";

const fixture = useStore();
const hook = () => vi.fn(async () => {});

test("a rollback leaves nothing of all that was done in the transaction, and no hook runs", async () => {
  const { store } = fixture;
  const [flushed, archived, removed, set] = await Promise.all([1, 2, 3, 4].map(() => created(store)));
  if (!flushed || !archived || !removed || !set) throw new Error("four games");
  const game = newGame();
  const rowless = newGame();
  const afterCommit = hook();
  const transaction = await store.sequelize.transaction();
  const options = { transaction };
  store.afterCommit(transaction, afterCommit);
  expect((await store.create(game, options)).kind).toBe("created");
  expect(await store.flush([nextCopy(flushed)], options)).toMatchObject([{ kind: "written" }]);
  expect((await store.archive({ copy: sealedCopy(archived) }, options)).kind).toBe("archived");
  const incomplete = { ...rowless, outcome: victory, turnCount: 1 };
  expect((await store.archiveIncomplete(incomplete, options)).kind).toBe("archived");
  expect(await store.remove(removed.gameId, options)).toBe("live");
  expect(await store.quarantine(set, "why", Buffer.from("x"), options)).toBe(true);
  expect(await store.acquireLease("in-transaction", "me", 60_000, options)).toBe(true);
  expect(await store.status(removed.gameId, options)).toBe("deleted");
  expect(await store.status(removed.gameId)).toBe("live");
  await transaction.rollback();

  expect(await store.status(game.gameId)).toBe("missing");
  expect(await store.status(rowless.gameId)).toBe("missing");
  for (const row of [flushed, archived, removed, set]) {
    expect(await store.read(row.gameId)).toEqual({ kind: "row", game: row });
  }
  expect(await store.findHistory(archived.gameId)).toBeNull();
  expect(await store.acquireLease("in-transaction", "you", 60_000)).toBe(true);
  expect(afterCommit).not.toHaveBeenCalled();
});

test("a commit makes all of it last, and only then the hook runs", async () => {
  const { store } = fixture;
  const game = newGame();
  const afterCommit = vi.fn(async () => {
    expect(await store.status(game.gameId)).toBe("live");
  });
  await store.sequelize.transaction(async (transaction) => {
    store.afterCommit(transaction, afterCommit);
    await store.create(game, { transaction });
    expect(await store.status(game.gameId)).toBe("missing");
    expect(afterCommit).not.toHaveBeenCalled();
  });
  expect(afterCommit).toHaveBeenCalledOnce();
});

test("no hook runs if a failed statement was ignored, so that Postgres turns the commit into a rollback", async () => {
  const { store } = fixture;
  const game = newGame();
  const afterCommit = hook();
  await store.sequelize.transaction(async (transaction) => {
    await store.create(game, { transaction });
    store.afterCommit(transaction, afterCommit);
    await store.sequelize.query("SELECT 1 / 0", { transaction }).catch(() => {});
  });
  expect(afterCommit).not.toHaveBeenCalled();
  expect(await store.status(game.gameId)).toBe("missing");
});

test("no hook runs if the connection dies before the commit", async () => {
  const { store } = fixture;
  const afterCommit = hook();
  const quiet = vi.spyOn(console, "warn").mockImplementation(() => {});
  const transaction = await store.sequelize.transaction();
  await store.create(newGame(), { transaction });
  store.afterCommit(transaction, afterCommit);
  const [[row]] = (await store.sequelize.query("SELECT pg_backend_pid() AS pid", { transaction })) as unknown as [
    [{ pid: number }],
  ];
  await store.sequelize.query(`SELECT pg_terminate_backend(${row.pid})`);
  await expect(transaction.commit()).rejects.toThrow();
  quiet.mockRestore();
  expect(afterCommit).not.toHaveBeenCalled();
});

test("a hook on a savepoint waits for the outermost commit, and does not run if the savepoint was rolled back", async () => {
  const { store } = fixture;
  const [kept, lost] = [hook(), hook()];
  await store.sequelize.transaction(async (outer) => {
    await store.sequelize.transaction({ transaction: outer }, async (inner) => {
      await store.create(newGame(), { transaction: inner });
      store.afterCommit(inner, kept);
    });
    expect(kept).not.toHaveBeenCalled();
    const inner = await store.sequelize.transaction({ transaction: outer });
    store.afterCommit(inner, lost);
    await inner.rollback();
  });
  expect(kept).toHaveBeenCalledOnce();
  expect(lost).not.toHaveBeenCalled();
});

test("a savepoint's root is the outermost transaction, however deep it is", async () => {
  const { sequelize, rootOf } = fixture.store;
  await sequelize.transaction(async (outer) => {
    expect(rootOf(outer)).toBe(outer);
    await sequelize.transaction({ transaction: outer }, async (middle) => {
      await sequelize.transaction({ transaction: middle }, async (inner) => {
        expect(rootOf(inner)).toBe(outer);
      });
    });
  });
});

test("a locked row is written over in a new lineage; loads and flushes by others wait and then see it", async () => {
  const { store } = fixture;
  const row = await created(store);
  await store.flush([nextCopy(row)]);
  const base = await loaded(store, row.gameId);
  const request = (change: { baseRevision?: string } = {}) => ({
    gameId: row.gameId,
    baseRevision: "2",
    state: '{"turn":9}',
    schemaVersion: 2,
    turnNumber: 9,
    dueAt: 90,
    writeId: "in-transaction",
    entries: ['"nine"'],
    ...change,
  });
  const transaction = await store.sequelize.transaction();
  expect(await store.lock(row.gameId, { transaction })).toEqual({ kind: "row", game: base });
  const waiting = [store.load(row.gameId), store.flush([nextCopy(base)])] as const;
  expect(await store.overwrite(request({ baseRevision: "1" }), { transaction })).toBeNull();
  const written = await store.overwrite(request(), { transaction });
  await transaction.commit();
  if (!written) throw new Error("the base was the row's");
  expect(written).toMatchObject({ version: `${written.fence}.3`, state: '{"turn":9}', logCount: 2, schemaVersion: 2 });
  expect(written.writeIds).toBe(`${base.writeIds} in-transaction@${written.version}`);
  const [load, flush] = await Promise.all(waiting);
  expect(load).toMatchObject({ game: { version: written.version, state: '{"turn":9}' } });
  expect(flush).toEqual([{ gameId: row.gameId, kind: "fork", rowVersion: written.version }]);
  expect(await store.readLog(row.gameId, { from: 2, limit: 9 })).toEqual([{ seq: 2, entry: '"nine"' }]);
});

test("a row that is written over gets a higher fence than it had, even if the clock was set back", async () => {
  const { store, schema } = fixture;
  const row = await created(store);
  await store.sequelize.query(
    `UPDATE "${schema}".active_games SET fence = 9000000000000000000 WHERE id = '${row.gameId}'`,
  );
  const request = { gameId: row.gameId, baseRevision: "1", state: "{}", schemaVersion: 1, turnNumber: 2, dueAt: null };
  const written = await store.sequelize.transaction(async (transaction) => {
    await store.lock(row.gameId, { transaction });
    return store.overwrite({ ...request, writeId: "set-back" }, { transaction });
  });
  const fence = written?.fence ?? "0";
  expect(BigInt(fence)).toBeGreaterThan(9_000_000_000_000_000_000n);
  expect(written?.version).toBe(`${fence}.2`);
});

test("there is nothing to write over in an ended game", async () => {
  const { store } = fixture;
  const row = await created(store);
  await store.flush([sealedCopy(row)]);
  const request = { gameId: row.gameId, baseRevision: "2", state: "{}", schemaVersion: 1, turnNumber: 2, dueAt: null };
  await store.sequelize.transaction(async (transaction) => {
    expect(await store.overwrite({ ...request, writeId: "too-late" }, { transaction })).toBeNull();
  });
});

test("a transaction that is over, or none at all, is refused", async () => {
  const { store } = fixture;
  const row = await created(store);
  const over = await store.sequelize.transaction();
  await over.rollback();
  const refused = { code: "InvalidInput" };
  await expect(store.read(row.gameId, { transaction: over })).rejects.toMatchObject(refused);
  await expect(store.read(row.gameId, { transaction: {} as Transaction })).rejects.toMatchObject(refused);
});
