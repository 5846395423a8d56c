import { acknowledged, attempted, type Evidence, isDuring, storeLossesOf } from "./evidence.js";
import type { Violation } from "./violation.js";

/**
 * I2 and I4 in what is left: closed games are closed in both stores, and history has each ended game once. Created
 * games are there, and those that were not created are not.
 */
export function checkEndings(evidence: Evidence): Violation[] {
  const { gameId, entries, final } = evidence;
  const violations: Violation[] = [];
  const add = (promise: Violation["promise"], found: string) => violations.push({ promise, gameId, found });
  const { row, cache, histories } = final;
  const ended = acknowledged(evidence, "end");
  const removed = acknowledged(evidence, "delete");
  const closed = removed ? "deleted" : ended ? "ended" : null;

  if (closed && row?.status === "live") add("I2", `it was ${closed}, and its row is live`);
  if (removed && row?.status === "ended") add("I2", "it was deleted, and its row still waits for the archive");
  if (closed && cache) add("I2", `it was ${closed}, and Redis serves a copy with ${cache.writes.length} writes`);
  if (histories.length > 0 && row?.status === "live") add("I2", "it is in history, and its row is live");
  if (histories.length > 0 && !closed && cache) add("I2", "it is in history, and Redis has a copy");

  if (histories.length > 1) add("I4", `history has ${histories.length} rows of it`);
  if (ended && !attempted(entries, "delete") && histories.length === 0) {
    add("I4", "its end was acknowledged, and history has no row of it");
  }
  if (row?.status === "ended") add("I4", "it was sealed, and is not archived");
  const creations = entries.filter(({ op }) => op === "create");
  const refused = creations.length > 0 && creations.every(({ outcome }) => outcome === "notDone");
  if (refused && (row !== null || cache)) add("truth", "its creation was answered as not done, and it is there");
  const created = entries.find((one) => one.op === "create" && one.outcome === "done");
  const mayBeLost = created && isDuring(storeLossesOf(evidence), created);
  if (created && !mayBeLost && row === null && histories.length === 0 && !attempted(entries, "delete")) {
    add("I1", "its creation was acknowledged, and it is nowhere");
  }
  return violations;
}
