import type { Statement } from "../statement.js";

/**
 * Takes a lease that is free, has run out, or is the holder's own; returns the name, or nothing while another holds
 * it. Postgres's clock decides, read once the row is locked. $1 name · $2 holder · $3 milliseconds
 */
export const acquireLease: Statement<{ name: string }> = {
  name: "acquire-lease",
  writes: true,
  keepsOwnOnly: true,
  sql: (t) => `
    INSERT INTO ${t.leases} AS l (name, holder, expires_at)
    VALUES ($1::text, $2::text, clock_timestamp() + $3::bigint * interval '1 millisecond')
    ON CONFLICT (name) DO UPDATE
      SET holder = excluded.holder, expires_at = clock_timestamp() + $3::bigint * interval '1 millisecond'
      WHERE l.holder = excluded.holder OR l.expires_at <= clock_timestamp()
    RETURNING l.name`,
};
