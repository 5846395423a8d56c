import type { GameId, Version } from "@turnkeep/core";
import { assertGameIds } from "../../check-input.js";
import type { CallOptions, Database } from "../../connection/database.js";
import type { Statement } from "../../connection/statement.js";
import { versionOf } from "../../schema/rows.js";

/** The versions of those games that are live or ended. $1 ids */
const listVersionsStatement: Statement<{ id: string; lineage: string; revision: string }> = {
  name: "list-versions",
  writes: false,
  sql: (t) => `
    SELECT id, lineage, revision FROM ${t.games} WHERE id = ANY ($1::uuid[]) AND status IN ('live', 'ended')`,
};

/** The versions of those games that are live or ended. */
export async function listVersions(
  db: Database,
  gameIds: readonly GameId[],
  options?: CallOptions,
): Promise<ReadonlyMap<GameId, Version>> {
  assertGameIds(gameIds);
  if (gameIds.length === 0) return new Map();
  const rows = await db.run(listVersionsStatement, [gameIds], options);
  return new Map(rows.map((row) => [row.id, versionOf(row)]));
}

/** Which of these games are archived (also where only history is left) or deleted. $1 ids */
const listGoneStatement: Statement<{ id: string }> = {
  name: "list-gone",
  writes: false,
  sql: (t) => `
    SELECT id FROM ${t.games} WHERE id = ANY ($1::uuid[]) AND status IN ('archived', 'deleted')
    UNION
    SELECT game_id FROM ${t.history} WHERE game_id = ANY ($1::uuid[])`,
};

/** Ids of those games that are archived or deleted. */
export async function listGone(db: Database, gameIds: readonly GameId[], options?: CallOptions): Promise<GameId[]> {
  assertGameIds(gameIds);
  if (gameIds.length === 0) return [];
  return (await db.run(listGoneStatement, [gameIds], options)).map(({ id }) => id);
}
