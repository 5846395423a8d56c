import type { Statement } from "../statement.js";

/** Postgres's clock, in milliseconds since the epoch. */
export const currentTime: Statement<{ now_ms: string }> = {
  name: "current-time",
  writes: false,
  sql: () => "SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now_ms",
};
