import type { ActiveGame, IdPage } from "@turnkeep/core/ports";
import type { CallOptions, Database } from "../../database.js";
import { listIds } from "../lists/list-ids.js";
import { fenceRow } from "./load.js";

/** A page of rows, each with a fresh fence, by id; without those that were closed before their lock was held. */
export async function loadPage(db: Database, page: IdPage, options?: CallOptions): Promise<readonly ActiveGame[]> {
  const gameIds = listIds(db, "active", page, options);
  return db.transact(gameIds, options, (transaction) =>
    gameIds.flatMap((gameId) => {
      const loaded = fenceRow(db.space, gameId, transaction);
      return loaded.kind === "row" ? [loaded.game] : [];
    }),
  );
}
