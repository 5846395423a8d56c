import type { IncompleteArchiveReply, IncompleteArchiveRequest } from "@turnkeep/core/ports";
import type { CallOptions, Database } from "../../database.js";
import { statusOf } from "../game/status.js";
import { checkExtraReplay, composeReplay, recordOf } from "./history-row.js";

/** History without an active row: what is known of the game, marked incomplete; and a tombstone against its creation. */
export function archiveIncomplete(
  db: Database,
  request: IncompleteArchiveRequest,
  options?: CallOptions,
): Promise<IncompleteArchiveReply> {
  const { gameId, state, rules, extraReplay, turnCount, outcome } = request;
  checkExtraReplay(extraReplay);
  const { space } = db;
  return db.transact([gameId], options, (transaction) => {
    const before = space.history.get(gameId, transaction);
    if (before !== undefined) return { kind: "already", record: before.record };
    const status = statusOf(space, gameId, transaction);
    if (status === "deleted") return { kind: "deleted" };
    if (status !== "missing" && status !== "archived") return { kind: "active" };

    const now = space.now();
    const times = { turnCount, playedAt: now, endedAt: now };
    const record = { ...recordOf(request, outcome, times), incomplete: true };
    const replay = composeReplay({ initialState: null, log: [], rules, finalState: state }, extraReplay);
    space.history.set(gameId, { record, replay, metadata: null }, transaction);
    if (status === "missing") space.rows.set(gameId, space.tombstone("archived"), transaction);
    return { kind: "archived", record };
  });
}
