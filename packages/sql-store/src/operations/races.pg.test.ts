import { getEventListeners } from "node:events";
import type { ActiveGame } from "@turnkeep/core/ports";
import type { Transaction } from "sequelize";
import { expect, test } from "vitest";
import { lockWaits as waitForLocks } from "../testing/lock-waits.js";
import { created, loaded, newGame, nextCopy, sealedCopy, useStore, victory } from "../testing/store-fixture.js";

const fixture = useStore({ poolSize: 12 });

const lockWaits = (count: number) => waitForLocks(fixture.store.sequelize, fixture.schema, count);

/**
 * Runs the calls while the game's row is locked, so that all of them meet at it; then lets the lock go. Of two calls,
 * the first goes first; of more, Postgres leaves the order open once the row has changed.
 */
async function meetAt<T>(
  gameId: string,
  calls: readonly (() => Promise<T>)[],
  beforeCommit: (transaction: Transaction) => Promise<unknown> = async () => {},
): Promise<T[]> {
  const { sequelize } = fixture.store;
  const transaction = await sequelize.transaction();
  await fixture.store.lock(gameId, { transaction });
  const results: Promise<T>[] = [];
  for (const call of calls) {
    results.push(call());
    await lockWaits(results.length);
  }
  await beforeCommit(transaction);
  await transaction.commit();
  return Promise.all(results);
}

test("a load that waits behind others draws a higher fence than all before it", async () => {
  const { store } = fixture;
  const row = await created(store);
  const load = () => loaded(store, row.gameId);
  const games = await meetAt(row.gameId, [load, load, load, load]);
  const fences = games.map(({ fence }) => BigInt(fence));
  expect(new Set(fences).size).toBe(4);
  const last = fences.toSorted((a, b) => (a < b ? -1 : 1)).at(-1);
  expect(await store.read(row.gameId)).toMatchObject({ game: { fence: String(last) } });
});

test("a load that waits for a transaction with a fence of its own draws a higher one", async () => {
  const { store } = fixture;
  const row = await created(store);
  let within = "";
  const [game] = await meetAt(row.gameId, [() => loaded(store, row.gameId)], async (transaction) => {
    const reply = await store.load(row.gameId, { transaction });
    if (reply.kind === "row") within = reply.game.fence;
  });
  expect(BigInt(game?.fence ?? 0)).toBeGreaterThan(BigInt(within));
});

test("a fence never falls, even if the clock was set back, and a row that is restored then draws another", async () => {
  const { store, schema } = fixture;
  const { gameId } = await created(store);
  const ahead = 9_000_000_000_000_000_000n;
  const restore = () =>
    store.sequelize.query(`UPDATE "${schema}".active_games SET fence = ${ahead} WHERE id = '${gameId}'`);
  await restore();
  const first = BigInt((await loaded(store, gameId)).fence);
  expect(first).toBeGreaterThan(ahead);
  const [row] = await store.loadPage([gameId]);
  expect(BigInt(row?.fence ?? 0)).toBeGreaterThan(first);
  await restore();
  expect(BigInt((await loaded(store, gameId)).fence)).not.toBe(first);
});

test("of many creations at once one creates, and the others find it", async () => {
  const { store } = fixture;
  const game = newGame();
  const replies = await Promise.all(Array.from({ length: 8 }, () => store.create(game)));
  expect(replies.filter(({ kind }) => kind === "created")).toHaveLength(1);
  expect(replies.filter((reply) => reply.kind === "exists" && reply.status === "live")).toHaveLength(7);
});

test("a creation waits for another one's transaction, and takes its place if that rolls back", async () => {
  const { store } = fixture;
  const game = newGame();
  const transaction = await store.sequelize.transaction();
  await store.create(game, { transaction });
  const second = store.create(game);
  await lockWaits(1);
  await transaction.rollback();
  expect((await second).kind).toBe("created");
});

test("creations at once share statements, and each has its own answer", async () => {
  const { store, schema } = fixture;
  const known = await created(store);
  const games = Array.from({ length: 40 }, (_, n) => newGame({ state: `{"n":${n}}` }));
  const [twice] = games;
  const [made, again, refused] = await Promise.all([
    Promise.all(games.map((game) => store.create(game))),
    Promise.all([
      store.create({ ...known, writeId: "creation-late" }),
      store.create({ ...newGame(), gameId: twice?.gameId ?? "" }),
    ]),
    Promise.allSettled([store.create(newGame({ state: '{"nul":"\0"}' }))]),
  ]);
  expect(made.map((reply) => reply.kind === "created" && reply.game.state)).toEqual(games.map(({ state }) => state));
  expect(again).toEqual(Array(2).fill({ kind: "exists", status: "live" }));
  expect(refused).toMatchObject([{ reason: { code: "InvalidInput" } }]);
  for (const reply of made) {
    const { game } = reply as Extract<typeof reply, { kind: "created" }>;
    expect(await store.read(game.gameId)).toEqual({ kind: "row", game });
    expect(await store.readLog(game.gameId, { from: 0, limit: 9 })).toEqual([{ seq: 0, entry: game.state }]);
  }
  const [rows] = await store.sequelize.query(
    `SELECT count(DISTINCT xmin::text) AS statements FROM "${schema}".active_games WHERE id = ANY (ARRAY['${games
      .map(({ gameId }) => gameId)
      .join("','")}']::uuid[])`,
  );
  // 32 in the first; the others were in one with what was refused, and went alone.
  expect(Number((rows[0] as { statements: string }).statements)).toBeLessThanOrEqual(9);
});

test("a creation that waits for another transaction keeps no other one waiting", async () => {
  const { store } = fixture;
  const [held, ...others] = Array.from({ length: 6 }, () => newGame());
  const game = held ?? newGame();
  const transaction = await store.sequelize.transaction();
  await store.create(game, { transaction });
  const waiting = store.create(game);
  const made = await Promise.all(others.map((other) => store.create(other)));
  expect(made.map(({ kind }) => kind)).toEqual(Array(5).fill("created"));
  const controller = new AbortController();
  const aborted = store.create(game, { signal: controller.signal });
  controller.abort();
  await expect(aborted).rejects.toMatchObject({ code: "Aborted", details: { fate: "notDone" } });
  await transaction.rollback();
  expect((await waiting).kind).toBe("created");
  // A signal that never fires is left as it was.
  const { signal } = new AbortController();
  await store.create(newGame(), { signal });
  expect(getEventListeners(signal, "abort")).toEqual([]);
});

test("of many archives at once one archives, and the others return its record", async () => {
  const { store } = fixture;
  const row = await created(store);
  const archive = () => store.archive({ copy: sealedCopy(row) });
  const replies = await meetAt(row.gameId, [archive, archive, archive]);
  expect(replies.map(({ kind }) => kind).sort()).toEqual(["already", "already", "archived"]);
  const records = replies.map((reply) => ("record" in reply ? reply.record : null));
  expect(records).toEqual(Array(3).fill(await store.findHistory(row.gameId)));
});

test("an archive behind a flush takes the flush's log entries along", async () => {
  const { store } = fixture;
  const row = await created(store);
  const sealed = nextCopy(row, { status: "ended", outcome: victory, entries: ['"last"'] }, 2);
  const [flush, archive] = await meetAt<unknown>(row.gameId, [
    () => store.flush([nextCopy(row)]),
    () => store.archive({ copy: sealed }),
  ]);
  expect(flush).toMatchObject([{ kind: "written" }]);
  expect(archive).toMatchObject({ kind: "archived" });
  const { replay } = (await store.readReplay(row.gameId)) ?? {};
  expect(JSON.parse(replay ?? "").log).toEqual([{ entry: 1 }, "last"]);
  expect(await logOf(row.gameId)).toEqual([]);
});

test("a flush behind an archive finds the game gone", async () => {
  const { store } = fixture;
  const row = await created(store);
  const [archive, flush] = await meetAt<unknown>(row.gameId, [
    () => store.archive({ copy: sealedCopy(row) }),
    () => store.flush([nextCopy(row, {}, 9)]),
  ]);
  expect(archive).toMatchObject({ kind: "archived" });
  expect(flush).toEqual([{ gameId: row.gameId, kind: "gone", status: "archived" }]);
  expect(await logOf(row.gameId)).toEqual([]);
});

test("a deletion behind a flush deletes the flush's log entries too", async () => {
  const { store } = fixture;
  const row = await created(store);
  const replies = await meetAt<unknown>(row.gameId, [
    () => store.flush([nextCopy(row)]),
    () => store.remove(row.gameId),
  ]);
  expect(replies).toEqual([[{ gameId: row.gameId, kind: "written" }], "live"]);
  expect(await logOf(row.gameId)).toEqual([]);
});

test("a flush, an archive and a load that wait behind a deletion find the game gone", async () => {
  const { store } = fixture;
  const gone = { kind: "gone", status: "deleted" };
  const late = [
    [(row: ActiveGame) => store.flush([nextCopy(row)]), [gone]],
    [(row: ActiveGame) => store.archive({ copy: sealedCopy(row) }), gone],
    [(row: ActiveGame) => store.load(row.gameId), { kind: "none", status: "deleted" }],
  ] as const;
  for (const [call, expected] of late) {
    const row = await created(store);
    const replies = await meetAt<unknown>(row.gameId, [() => store.remove(row.gameId), () => call(row)]);
    expect(replies).toMatchObject(["live", expected]);
    expect(await logOf(row.gameId)).toEqual([]);
  }
});

test("a creation and an archive without a row at once leave a live game or a finished one, never both", async () => {
  const { store } = fixture;
  for (let round = 0; round < 20; round += 1) {
    const game = newGame();
    const incomplete = { ...game, outcome: victory, turnCount: 1 };
    const [creation, archive] = await Promise.all([store.create(game), store.archiveIncomplete(incomplete)]);
    const finished = (await store.findHistory(game.gameId)) !== null;
    expect(archive.kind).toBe(finished ? "archived" : "active");
    expect(creation.kind).toBe(finished ? "exists" : "created");
    expect(await store.status(game.gameId)).toBe(finished ? "archived" : "live");
  }
});

test("batches in opposite orders, pages and single loads at once end without a deadlock", async () => {
  const { store } = fixture;
  const rows = await Promise.all(Array.from({ length: 20 }, () => created(store)));
  const before = await deadlocks();
  const copies = rows.map((row) => nextCopy(row));
  const idOf = ({ gameId }: { gameId: string }) => gameId;
  const work = Array.from({ length: 40 }, (_, index) => {
    if (index % 4 === 0) return store.loadPage((index % 8 === 0 ? copies : copies.toReversed()).map(idOf));
    return store.flush(index % 2 === 0 ? copies : copies.toReversed());
  });
  await Promise.all(work);
  expect(await deadlocks()).toBe(before);
});

async function logOf(gameId: string): Promise<unknown[]> {
  const { store, schema } = fixture;
  const [rows] = await store.sequelize.query(`SELECT seq FROM "${schema}".game_log WHERE game_id = '${gameId}'`);
  return rows;
}

async function deadlocks(): Promise<number> {
  const [[row]] = (await fixture.store.sequelize.query(
    "SELECT deadlocks::integer FROM pg_stat_database WHERE datname = current_database()",
  )) as unknown as [[{ deadlocks: number }]];
  return row.deadlocks;
}

/** True if Postgres chose the flush as the deadlock's victim; else it was the other transaction, which came too late. */
async function deadlockWithAnother(): Promise<boolean> {
  const { store, schema } = fixture;
  const rows = await Promise.all([created(store), created(store)]);
  const [low, high] = rows.toSorted((a, b) => (a.gameId < b.gameId ? -1 : 1));
  if (!low || !high) throw new Error("two games");
  const another = await store.sequelize.transaction();
  const touch = (gameId: string) =>
    store.sequelize.query(`UPDATE "${schema}".active_games SET turn_number = 1 WHERE id = '${gameId}'`, {
      transaction: another,
    });
  await touch(high.gameId);
  const flushed = store.flush([nextCopy(low), nextCopy(high)]);
  await lockWaits(1);
  const survived = await touch(low.gameId).then(
    () => true,
    () => false,
  );
  await (survived ? another.commit() : another.rollback());
  expect(await flushed).toMatchObject([{ kind: "written" }, { kind: "written" }]);
  return survived;
}

test("a statement that met a deadlock with another application's transaction is run again", async () => {
  // The victim is the side that finds the circle, after deadlock_timeout: on a busy machine that may be the other one.
  let tries = 1;
  while (!(await deadlockWithAnother())) {
    tries += 1;
    expect(tries).toBeLessThan(60);
  }
});
