import { type Deployment, deploymentOf, keepsAnotherGame } from "@turnkeep/core/ports";
import type { Database } from "../../connection/database.js";
import type { Statement } from "../../connection/statement.js";

/** Records the game if none is recorded, under the row's lock; returns what is recorded then. $1 the game's name */
const recordGame: Statement<{ id: string; game: string }> = {
  name: "record-game",
  writes: true,
  sql: (t) => `UPDATE ${t.deployment} SET game = coalesce(game, $1::text) RETURNING id, game`,
};

/** Whose games the schema keeps: those of the first game that asked. @throws Misconfigured for another one */
export async function belongTo(db: Database, game: string): Promise<Deployment> {
  const [row] = await db.run(recordGame, [game]);
  if (!row) throw new Error("the migrations make the deployment's row");
  if (row.game !== game) throw keepsAnotherGame(db.tables.schema, row.game, game);
  return deploymentOf(row.id, row.game);
}
