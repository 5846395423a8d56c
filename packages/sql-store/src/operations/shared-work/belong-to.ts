import { type Deployment, deploymentOf, keepsAnotherGame } from "@turnkeep/core/ports";
import type { Database } from "../../connection/database.js";
import type { Statement } from "../../connection/statement.js";

/**
 * Mixes the schema's own id with where the schema is, so that a copy which took its rows along is another deployment. A
 * standby that takes over has the system identifier of the server that it follows. @param name the schema's name
 */
const deploymentId = (name: string) => `
  left(encode(sha256(convert_to(concat_ws(' ', id, current_database(), ${name}::text,
    (SELECT system_identifier FROM pg_control_system())), 'UTF8')), 'hex'), 32) AS id`;

/**
 * Records the game if none is recorded, under the row's lock; returns what is recorded then.
 * $1 the game's name · $2 the schema's name
 */
const recordGame: Statement<{ id: string; game: string }> = {
  name: "record-game",
  writes: true,
  sql: (t) => `
    UPDATE ${t.deployment} SET game = coalesce(game, $1::text) RETURNING game, ${deploymentId("$2")}`,
};

/** Whose games the schema keeps; the game is null while no process has started on it. $1 the schema's name */
const findDeployment: Statement<{ id: string; game: string | null }> = {
  name: "find-deployment",
  writes: false,
  sql: (t) => `SELECT game, ${deploymentId("$1")} FROM ${t.deployment}`,
};

/** Whose games the schema keeps; `null` while no process has started on it. Changes nothing. */
export async function deployment(db: Database): Promise<Deployment | null> {
  const [row] = await db.run(findDeployment, [db.tables.schema]);
  return row?.game == null ? null : deploymentOf(row.id, row.game);
}

/** Whose games the schema keeps: those of the first game that asked. @throws Misconfigured for another one */
export async function belongTo(db: Database, game: string): Promise<Deployment> {
  const [row] = await db.run(recordGame, [game, db.tables.schema]);
  if (!row) throw new Error("the migrations make the deployment's row");
  if (row.game !== game) throw keepsAnotherGame(db.tables.schema, row.game, game);
  return deploymentOf(row.id, row.game);
}
