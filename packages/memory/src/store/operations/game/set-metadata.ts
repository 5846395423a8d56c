import { compareDecimals, type GameId } from "@turnkeep/core";
import type { MetadataReply, MetadataRequest } from "@turnkeep/core/ports";
import type { CallOptions, Database } from "../../database.js";
import { isActive, withGame } from "../../stored-row.js";
import { rowIn } from "./read.js";

/** SET-METADATA: only if the row's is no newer than what the change was made from; in a new version, above both. */
export function setMetadata(
  db: Database,
  gameId: GameId,
  { base, metadata }: MetadataRequest,
  options?: CallOptions,
): Promise<MetadataReply> {
  const { space } = db;
  return db.transact([gameId], options, (transaction) => {
    const found = rowIn(space, gameId, transaction);
    const row = space.rows.get(gameId, transaction);
    if (found.kind !== "row" || !isActive(row)) return found as Exclude<typeof found, { kind: "row" }>;
    const { metadata: held, metadataVersion: at } = row.game;
    if (compareDecimals(at, base) > 0) return { kind: "newer", metadata: held, metadataVersion: at };
    const metadataVersion = space.drawFence(base);
    space.rows.set(gameId, withGame(row, { metadata, metadataVersion }), transaction);
    return { kind: "written", metadata, metadataVersion };
  });
}
