import { milliseconds } from "../../check-input.js";
import type { CallOptions, Database } from "../../connection/database.js";
import type { Statement } from "../../connection/statement.js";

/**
 * Moves the service clock on by the time since its last beat, but by no more than the gap given; returns its time.
 * A beat that had to wait for another's computes its values again on what it then finds, with Postgres's clock as it
 * is then, so beats at once count no time twice. If Postgres's clock was set back, the service clock stands still.
 * $1 largest gap in ms
 */
const beatServiceClockStatement: Statement<{ up_ms: string }> = {
  name: "beat-service-clock",
  writes: true,
  keepsOwnOnly: true,
  sql: (t) => `
    UPDATE ${t.serviceClock} c SET
      up_us = c.up_us + greatest(0, least(
        floor(extract(epoch FROM clock_timestamp() - c.beat_at) * 1000000)::bigint, $1::bigint * 1000)),
      beat_at = clock_timestamp()
    RETURNING c.up_us / 1000 AS up_ms`,
};

/** Postgres's clock, in milliseconds since the epoch. */
const currentTime: Statement<{ now_ms: string }> = {
  name: "current-time",
  writes: false,
  sql: () => "SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now_ms",
};

/** Needs all that a write of one row needs, and changes nothing. */
const writeNothing: Statement = {
  name: "write-nothing",
  writes: false,
  sql: (t) => `UPDATE ${t.serviceClock} SET beat_at = beat_at WHERE false`,
};

/** Resolves if the store answers and would take a write. */
export async function tryWrite(db: Database, options?: CallOptions): Promise<void> {
  await db.run(writeNothing, [], options);
}

/** Moves the service clock on, by no more than the gap; returns its time in ms. */
export async function beatServiceClock(db: Database, maxGapMs: number, options?: CallOptions): Promise<number> {
  const [row] = await db.run(beatServiceClockStatement, [milliseconds("maxGapMs", maxGapMs)], options);
  if (!row) throw new Error("the migrations make the service clock");
  return Number(row.up_ms);
}

/** The current time of Postgres's clock, in ms since the epoch. */
export async function now(db: Database, options?: CallOptions): Promise<number> {
  const [row] = await db.run(currentTime, [], options);
  return Number(row?.now_ms);
}
