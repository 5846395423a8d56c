import { assertGameId, assertWriteId } from "@turnkeep/core";
import type { CreateReply, NewGame } from "@turnkeep/core/ports";
import type { CallOptions, Database } from "../database.js";
import { toActiveGame } from "../rows.js";
import { createGame } from "../statements/create-game.js";
import { locate, settle } from "./locate.js";

/** Makes a game's row, unless the id is or was in use. */
export function create(db: Database, game: NewGame, options: CallOptions): Promise<CreateReply> {
  assertGameId(game.gameId);
  assertWriteId(game.writeId);
  return settle(async () => {
    const values = [
      game.gameId,
      game.gameType,
      game.playerIds,
      game.npcId,
      game.rules,
      game.state,
      game.schemaVersion,
      game.turnNumber,
      game.writeId,
      game.dueAt,
    ];
    const [row] = await db.run(createGame, values, options);
    if (row) return { kind: "created", game: toActiveGame(row) };
    const { status } = await locate(db, game.gameId, options);
    return status === "missing" ? null : { kind: "exists", status };
  });
}
