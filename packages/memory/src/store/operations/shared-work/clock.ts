import type { OwnTransactionOptions } from "@turnkeep/core/ports";
import { assertWhole } from "../../../check-input.js";
import type { CallOptions, Database } from "../../database.js";

/** Moves the service clock on by the time since its last beat, at most so much; returns its time. */
export function beatServiceClock(db: Database, maxGapMs: number, options?: OwnTransactionOptions): number {
  db.check(options);
  assertWhole("maxGapMs", maxGapMs, 0);
  return db.space.beatServiceClock(maxGapMs);
}

/** The current time of the space's clock. */
export function now(db: Database, options?: CallOptions): number {
  db.check(options);
  return db.space.now();
}
