import { TurnkeepError } from "@turnkeep/core";
import {
  type ArchiveReply,
  type ArchiveRequest,
  copyBytes,
  type EntryText,
  maxReplayLogBytes,
  type UnflushedCopy,
} from "@turnkeep/core/ports";
import { assertBatch } from "../../../check-input.js";
import type { CallOptions, Database } from "../../database.js";
import { type ActiveRow, isActive, tombstoneOf } from "../../stored-row.js";
import { standingOf, withoutActiveRow } from "../flush/classify.js";
import { writtenOver } from "../flush/flush.js";
import { checkExtraReplay, composeReplay, recordOf } from "./history-row.js";

/** ARCHIVE: a record with its replay in place of the row, if the sealed copy has all of the row and its fence. */
export function archive(
  db: Database,
  { copy, extraReplay }: ArchiveRequest,
  options?: CallOptions,
): Promise<ArchiveReply> {
  const { gameId, outcome } = copy;
  assertBatch([copy]);
  checkExtraReplay(extraReplay);
  if (copy.status !== "ended" || outcome === null) {
    throw new TurnkeepError("InvalidInput", "only a sealed copy can be archived", { issues: ["copy"] });
  }
  const { space } = db;
  return db.transact([gameId], options, (transaction) => {
    const before = space.history.get(gameId, transaction);
    if (before !== undefined) return { kind: "already", record: before.record };
    const row = space.rows.get(gameId, transaction);
    if (!isActive(row)) return withoutActiveRow(space, gameId, transaction);
    const standing = standingOf(row, copy);
    if (standing !== null) return standing;

    const now = space.now();
    const written = writtenOver(row, copy, now);
    const { game, initialState } = written;
    const { log, isWhole } = withTail(row.log, copy);
    const times = { turnCount: copy.turnNumber, playedAt: game.startedAt, endedAt: now };
    const tooLong = copyBytes({ state: initialState ?? "", entries: log }) > maxReplayLogBytes;
    const record = {
      ...recordOf(game, outcome, times),
      incomplete: tooLong || initialState === null || !isWhole,
    };
    const parts = { initialState, log: tooLong ? [] : log, rules: game.rules, finalState: game.state };
    const { metadata } = game;
    space.history.set(gameId, { record, replay: composeReplay(parts, extraReplay), metadata }, transaction);
    space.rows.set(gameId, tombstoneOf(written, "archived", now), transaction);
    return { kind: "archived", record };
  });
}

/** The log with the copy's tail at its place, where what is stored already is the same; whole if it has the copy's alone. */
function withTail(stored: ActiveRow["log"], { entries, logCount }: UnflushedCopy) {
  const first = logCount - entries.length + 1;
  const textsOf = (part: ActiveRow["log"]): readonly EntryText[] => part.map(({ entry }) => entry);
  const before = textsOf(stored.filter(({ seq }) => seq < first));
  const after = textsOf(stored.filter(({ seq }) => seq > logCount));
  return { log: [...before, ...entries, ...after], isWhole: before.length === first - 1 && after.length === 0 };
}
