import { expect, test } from "vitest";
import { tablesIn } from "../../schema/tables.js";
import { useStore } from "../../testing/store-fixture.js";
import { listDueIds } from "./list-ids.js";

const fixture = useStore();

test("what is due is found by its index, even if the statistics are older than every deadline", async () => {
  const { store, schema } = fixture;
  const tables = tablesIn(schema);
  const query = async (sql: string) => (await store.sequelize.query(sql))[0] as Record<string, string>[];
  await query(`
    INSERT INTO ${tables.games} (id, status, lineage, revision, fence, turn_number, game_type, player_ids, rules, state,
      schema_version, write_ids, log_count, started_at, last_action_at, due_at)
    SELECT gen_random_uuid(), 'live', 1, 1, 1, 1, 'ranked', '{}', '{}', repeat(md5(n::text), 40), 1, '', 0, now(), now(), n
    FROM generate_series(1, 20000) n`);
  await query(`ANALYZE ${tables.games}`);
  await query(`UPDATE ${tables.games} SET due_at = due_at + 1000000`);
  const dueBy = 1_000_003;
  const page = await store.listIds({ dueBy }, { after: null, limit: 10 });
  expect(page).toHaveLength(3);
  const values = ["'00000000-0000-0000-0000-000000000000'", "NULL", "10", String(dueBy)];
  const sql = listDueIds.sql(tables).replace(/\$(\d)/g, (_, place) => values[Number(place) - 1] ?? "");
  const plan = (await query(`EXPLAIN ${sql}`)).map((row) => Object.values(row).join()).join("\n");
  expect(plan).toContain("Index Scan using active_games_due");
});
