import { gameStateSchema } from "@turnkeep/game-state";
import type { Limit } from "./limit.js";
import type { Naive } from "./naive.js";

const pageGames = 200;

/** Keyset pages, each set by one pipeline. */
export async function recoverPlainly({ redis, db, table, keyOf }: Limit): Promise<void> {
  const text = `SELECT id, state FROM ${table} WHERE id > $1 ORDER BY id LIMIT ${pageGames}`;
  for (let after = "00000000-0000-0000-0000-000000000000"; ; ) {
    const { rows } = await db.query<{ id: string; state: string }>({ name: "page", text, values: [after] });
    const pipeline = redis.pipeline();
    for (const { id, state } of rows) pipeline.set(keyOf(id), state);
    await pipeline.exec();
    const last = rows.at(-1);
    if (last === undefined || rows.length < pageGames) return;
    after = last.id;
  }
}

/** All rows at once, then one game after the other. */
export async function recoverNaively({ games, set }: Naive): Promise<void> {
  for (const game of await games.findAll()) await set(gameStateSchema.parse(game.get("state")));
}
