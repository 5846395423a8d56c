import { assertWriteId, rememberWrite, toVersion } from "@turnkeep/core";
import type { ActiveGame, CreateReply, NewGame } from "@turnkeep/core/ports";
import type { CallOptions, Database } from "../../database.js";
import { statusOf } from "./status.js";

/** CREATE: only if the id was never in use, as far as rows, tombstones and history know. */
export function create(db: Database, request: NewGame, options?: CallOptions): Promise<CreateReply> {
  const { gameId, writeId, metadata = null, ...facts } = request;
  assertWriteId(writeId);
  const { space } = db;
  return db.transact([gameId], options, (transaction) => {
    const status = statusOf(space, gameId, transaction);
    if (status !== "missing") return { kind: "exists", status };
    const fence = space.drawFence();
    const version = toVersion(fence, "1");
    const now = space.now();
    const game: ActiveGame = {
      ...facts,
      gameId,
      metadata,
      metadataVersion: metadata === null ? "0" : fence,
      status: "live",
      version,
      fence,
      logCount: 0,
      writeIds: rememberWrite("", writeId, version),
      outcome: null,
      startedAt: now,
      lastActionAt: now,
    };
    space.rows.set(gameId, { status: "live", game, initialState: request.state, log: [] }, transaction);
    return { kind: "created", game };
  });
}
