import { randomUUID } from "node:crypto";
import type { Page, PageRequest } from "@turnkeep/core/ports";
import { QueryTypes } from "sequelize";
import { expect, test } from "vitest";
import type { Statement } from "../../connection/statement.js";
import { tablesIn } from "../../schema/tables.js";
import { created, newGame, nextCopy, sealedCopy, useStore, victory } from "../../testing/store-fixture.js";
import { purgeTombstonesStatement } from "../game/remove.js";
import { listAllHistoryStatement, listHistoryStatement } from "../history/list-history.js";
import {
  countActiveStatement,
  countByRulesStatement,
  countQuarantinedStatement,
  listActiveStatement,
} from "./list-active.js";
import { inspectPage } from "./list-by-ids.js";
import { listGamesStatement } from "./list-games.js";
import { listActiveIds, listEndedIds } from "./list-ids.js";

const fixture = useStore();

async function allPages<T>(list: (page: PageRequest) => Promise<Page<T>>, limit: number): Promise<T[]> {
  const items: T[] = [];
  for (let after: string | null = null; ; ) {
    const page: Page<T> = await list({ limit, after });
    expect(page.items.length).toBeLessThanOrEqual(limit);
    items.push(...page.items);
    if (page.next === null) return items;
    after = page.next;
  }
}

test("a player's games come in pages, newest first, each once, also where many began at the same time", async () => {
  const { store, schema } = fixture;
  const player = randomUUID();
  const games = await Promise.all(Array.from({ length: 7 }, () => created(store, { playerIds: [player, "npc:x"] })));
  await store.sequelize.query(
    `UPDATE "${schema}".active_games SET started_at = '2026-01-01T00:00:00.123456Z' WHERE player_ids @> ARRAY['${player}']`,
  );
  const newest = await created(store, { playerIds: ["npc:x", player] });
  await created(store);
  await store.flush([sealedCopy(newest)]);
  const listed = await allPages((page) => store.listActive(player, page), 3);
  const inOrder = games.map(({ gameId }) => gameId).toSorted((a, b) => (a < b ? 1 : -1));
  expect(listed.map(({ gameId }) => gameId)).toEqual([newest.gameId, ...inOrder]);
  expect(listed[0]).toMatchObject({ status: "ended", outcome: victory, turnNumber: 2 });
  expect(listed[0]).not.toHaveProperty("state");
  expect(await store.listActive(randomUUID(), {})).toEqual({ items: [], next: null });
});

test("a player's finished games come in pages, newest first, and no longer among the active ones", async () => {
  const { store } = fixture;
  const player = `user-${randomUUID()}`;
  const ended: string[] = [];
  for (let count = 0; count < 5; count += 1) {
    const game = await created(store, { playerIds: [player, "npc:x", player] });
    await store.archive({ copy: sealedCopy(game) });
    ended.unshift(game.gameId);
  }
  const rowless = newGame({ playerIds: [player] });
  await store.archiveIncomplete({ ...rowless, outcome: victory, turnCount: 7 });
  const listed = await allPages((page) => store.listHistory(player, page), 2);
  expect(listed.map(({ gameId }) => gameId)).toEqual([rowless.gameId, ...ended]);
  expect(listed[0]).toMatchObject({ incomplete: true, turnCount: 7, durationSeconds: 0, outcome: victory });
  expect(listed[1]).toMatchObject({ incomplete: false, playerIds: [player, "npc:x", player], npcId: "rival" });
  expect(await store.listActive(player, {})).toEqual({ items: [], next: null });
});

test("limits and cursors that no page gave are refused", async () => {
  const { store } = fixture;
  const place = (text: string) => Buffer.from(text).toString("base64url");
  const id = randomUUID();
  const cursors = [
    "",
    "nonsense",
    place(id),
    place(`2026-01-01T00:00:00.000000Z ${id} more`),
    place(`2026-13-01T00:00:00.000000Z ${id}`),
    place(`2026-02-31T00:00:00.000000Z ${id}`),
    place(`2026-01-01T00:00:00Z ${id}`),
    place(`2026-01-01T00:00:00.000000Z ${id.toUpperCase()}`),
    `${place(`2026-01-01T00:00:00.000000Z ${id}`)}=`,
  ];
  const refused = { code: "InvalidInput" };
  for (const after of cursors) {
    await expect(store.listActive("p", { after })).rejects.toMatchObject(refused);
    await expect(store.listHistory("p", { after })).rejects.toMatchObject(refused);
  }
  for (const limit of [0, -1, 1.5, Number.NaN, "5" as unknown as number]) {
    await expect(store.listActive("p", { limit })).rejects.toMatchObject(refused);
    await expect(store.listIds("active", { after: null, limit })).rejects.toMatchObject(refused);
  }
  expect(await store.listActive("p", { limit: 100_000 })).toEqual({ items: [], next: null });
});

test("ids come in pages by id, each list with its own; loads of a page draw a fence for each row", async () => {
  const { store, schema } = fixture;
  const player = randomUUID();
  const [live, ended, archived, deleted, quarantined, idle] = await Promise.all(
    Array.from({ length: 6 }, () => created(store, { playerIds: [player] })),
  );
  if (!live || !ended || !archived || !deleted || !quarantined || !idle) throw new Error("six games");
  await store.flush([sealedCopy(ended)]);
  await store.archive({ copy: sealedCopy(archived) });
  await store.remove(deleted.gameId);
  await store.quarantine(quarantined, "why", Buffer.from("x"));
  await store.sequelize.query(
    `UPDATE "${schema}".active_games SET last_action_at = now() - interval '2 hours' WHERE id IN ('${idle.gameId}', '${ended.gameId}')`,
  );
  const own = [live, ended, archived, deleted, quarantined, idle].map(({ gameId }) => gameId);
  const walk = async (list: (range: { after: string | null; limit: number }) => Promise<readonly string[]>) => {
    const found: string[] = [];
    for (let page = await list({ after: null, limit: 2 }); page.length > 0; ) {
      found.push(...page);
      page = await list({ after: page.at(-1) ?? "", limit: 2 });
    }
    expect(found).toEqual([...new Set(found)].toSorted());
    return found.filter((gameId) => own.includes(gameId));
  };
  const sorted = (...games: { gameId: string }[]) => games.map(({ gameId }) => gameId).toSorted();
  expect(await walk((range) => store.listIds("active", range))).toEqual(sorted(live, ended, idle));
  expect(await walk((range) => store.listIds("ended", range))).toEqual([ended.gameId]);
  expect(await walk((range) => store.listIds({ idleForMs: 3_600_000 }, range))).toEqual([idle.gameId]);
  const page = await store.loadPage(own);
  expect(page.map(({ gameId }) => gameId).toSorted()).toEqual(sorted(live, ended, idle));
  expect((await store.listGone([...own, randomUUID()])).toSorted()).toEqual(sorted(archived, deleted));
  expect(await store.read(live.gameId)).toMatchObject({ kind: "row" });
  expect(await store.flush([nextCopy(live)])).toMatchObject([{ kind: "fence" }]);
});

test("the count is of live and ended games", async () => {
  const { store } = fixture;
  const before = await store.countActive();
  const [first, second, third] = await Promise.all([created(store), created(store), created(store)]);
  await store.flush([sealedCopy(first)]);
  await store.remove(second.gameId);
  await store.quarantine(third, "why", Buffer.from("x"));
  expect(await store.countActive()).toBe(before + 1);
});

test("updates of games are counted, and those of them that were in place", async () => {
  const { store } = fixture;
  const row = await created(store);
  const before = await store.countUpdates();
  await store.flush([nextCopy(row)]);
  await expect.poll(async () => (await store.countUpdates()).updates).toBeGreaterThan(before.updates);
  const { updates, hot } = await store.countUpdates();
  expect(hot - before.hot).toBeGreaterThanOrEqual(1);
  expect(hot).toBeLessThanOrEqual(updates);
});

test("what is counted is what is live or ended, whatever becomes of games, also by hand", async () => {
  const { store, schema } = fixture;
  const [ended, removed, quarantined, byHand, undone] = await Promise.all(
    Array.from({ length: 5 }, () => created(store, { rulesVersion: 7 })),
  );
  const idOf = (game: { readonly gameId: string } | undefined) => game?.gameId ?? "";
  const query = (sql: string) => store.sequelize.query(sql);
  const counted = async () => (await query(`SELECT id, rules_version FROM "${schema}".active_game_ids ORDER BY id`))[0];
  const games = `"${schema}".active_games`;
  const active = async () =>
    (await query(`SELECT id, rules_version FROM ${games} WHERE status IN ('live', 'ended') ORDER BY id`))[0];
  if (ended) await store.archive({ copy: sealedCopy(ended) });
  await store.remove(idOf(removed));
  if (quarantined) await store.quarantine(quarantined, "why", Buffer.from("x"));
  await query(`DELETE FROM ${games} WHERE id = '${idOf(byHand)}'`);
  const transaction = await store.sequelize.transaction();
  await store.remove(idOf(undone), { transaction });
  await transaction.rollback();
  expect(await counted()).toEqual(await active());
  await query(`UPDATE ${games} SET status = 'live', quarantine_reason = NULL WHERE id = '${idOf(quarantined)}'`);
  expect(await counted()).toEqual(await active());
  expect(await counted()).toContainEqual({ id: idOf(quarantined), rules_version: 7 });
});

test("counts and lists are answered by indexes, and read no state", async () => {
  const { store, schema } = fixture;
  const tables = tablesIn(schema);
  const time = "2026-01-01T00:00:00.000000Z";
  const id = randomUUID();
  await store.sequelize.query(`
    INSERT INTO ${tables.games} (id, status, lineage, revision, fence, turn_number, game_type, player_ids, rules, state,
      schema_version, write_ids, log_count, started_at, last_action_at)
    SELECT gen_random_uuid(), 'live', 1, 1, 1, 1, 'ranked', ARRAY['player-' || n], '{}', repeat('x', 500),
      1, '', 0, now(), now() FROM generate_series(1, 5000) AS n`);
  await store.sequelize.query(`ANALYZE ${tables.games}`);
  const listed = [id, null, 10, null, null, null, null, null, 10];
  const expected: [Statement<object>, readonly (string | number | null)[], string][] = [
    [countActiveStatement, [], "active_game_ids"],
    [countByRulesStatement, [], "active_game_ids"],
    [countQuarantinedStatement, [], "active_games_quarantined"],
    [listActiveStatement, ["p", time, id, 10], "active_games_players"],
    [listHistoryStatement, ["p", time, id, 10], "game_history_players_pkey"],
    [listAllHistoryStatement, [time, id, 10], "game_history_ended"],
    [listGamesStatement, listed, "game_history_pkey"],
    [listActiveIds, [id, null, 10], "active_games_open"],
    [listEndedIds, [id, null, 10], "active_games_ended"],
    [purgeTombstonesStatement, [1_000, 10], "active_games_tombstones"],
  ];
  const planOf = (statement: Statement<object>, bind: readonly (string | number | boolean | null)[]) =>
    store.sequelize.transaction(async (transaction) => {
      // Few rows are ended, closed or in history here: such a table is read whole, unless that is made expensive.
      await store.sequelize.query("SET LOCAL enable_seqscan = off", { transaction });
      const sql = `EXPLAIN (VERBOSE, COSTS OFF) ${statement.sql(tables)}`;
      const rows = await store.sequelize.query<{ "QUERY PLAN": string }>(sql, {
        bind: [...bind],
        transaction,
        type: QueryTypes.SELECT,
      });
      return rows.map((row) => row["QUERY PLAN"]).join("\n");
    });
  for (const [statement, bind, index] of expected) {
    const plan = await planOf(statement, bind);
    expect(plan).toContain(index);
    expect(plan).not.toMatch(/\bstate\b|replay_data/);
  }
  for (const plan of [await planOf(listGamesStatement, listed), await planOf(inspectPage, [id, null, 10, false])]) {
    expect(plan).toContain("active_games_open");
    expect(plan).toContain("active_games_quarantined");
    expect(plan).not.toContain("active_games_pkey");
  }
});
