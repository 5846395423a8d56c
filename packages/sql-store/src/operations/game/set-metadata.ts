import { assertGameId, type GameId } from "@turnkeep/core";
import type { MetadataReply, MetadataRequest } from "@turnkeep/core/ports";
import type { CallOptions, Database } from "../../connection/database.js";
import type { Statement } from "../../connection/statement.js";
import { read } from "./read.js";

/**
 * Changes the metadata of a live or ended row, if what it has is no newer than what the change was made from; returns the
 * new version. Of two changes from the same version the second waits for the first, and then finds the row newer.
 * $1 id · $2 version that the change was made from · $3 metadata
 */
const setMetadataStatement: Statement<{ metadata_version: string }> = {
  name: "set-metadata",
  writes: true,
  sql: (t) => `
    UPDATE ${t.games} g SET
      metadata = $3::text, metadata_version = ${t.fenceAbove("g.metadata_version", "$2::bigint")}
    WHERE g.id = $1::uuid AND g.status IN ('live', 'ended') AND g.metadata_version <= $2::bigint
    RETURNING g.metadata_version`,
};

/** Changes a game's metadata, or says what there is instead. */
export async function setMetadata(
  db: Database,
  gameId: GameId,
  { base, metadata }: MetadataRequest,
  options?: CallOptions,
): Promise<MetadataReply> {
  const [row] = await db.run(setMetadataStatement, [assertGameId(gameId), base, metadata], options);
  if (row) return { kind: "written", metadata, metadataVersion: row.metadata_version };
  const found = await read(db, gameId, options);
  if (found.kind !== "row") return found;
  return { kind: "newer", metadata: found.game.metadata, metadataVersion: found.game.metadataVersion };
}
