import type { Statement } from "../statement.js";

/**
 * Moves the service clock on by the time since its last beat, but by no more than the gap given; returns its time.
 * A beat that had to wait for another's computes its values again on what it then finds, with Postgres's clock as it
 * is then, so beats at once count no time twice. A clock of Postgres that was set back moves nothing.
 * $1 largest gap in ms
 */
export const beatServiceClock: Statement<{ up_ms: string }> = {
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
