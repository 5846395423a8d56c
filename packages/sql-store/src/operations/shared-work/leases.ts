import { milliseconds } from "../../check-input.js";
import type { CallOptions, Database } from "../../connection/database.js";
import type { Statement } from "../../connection/statement.js";

/**
 * Takes a lease that is free, has run out, or is the holder's own; returns the name, or nothing while another holds
 * it. Postgres's clock decides, read once the row is locked. $1 name · $2 holder · $3 milliseconds
 */
const acquireLeaseStatement: Statement<{ name: string }> = {
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

/** Gives a lease back, if the holder has it. $1 name · $2 holder */
const releaseLeaseStatement: Statement = {
  name: "release-lease",
  writes: true,
  keepsOwnOnly: true,
  sql: (t) => `DELETE FROM ${t.leases} WHERE name = $1::text AND holder = $2::text`,
};

/** Takes or renews the named lease for the holder; false while another holds it. */
export async function acquireLease(
  db: Database,
  name: string,
  holder: string,
  leaseMs: number,
  options?: CallOptions,
): Promise<boolean> {
  const rows = await db.run(acquireLeaseStatement, [name, holder, milliseconds("leaseMs", leaseMs)], options);
  return rows.length > 0;
}

/** Gives the lease back, if this holder has it. */
export async function releaseLease(db: Database, name: string, holder: string, options?: CallOptions): Promise<void> {
  await db.run(releaseLeaseStatement, [name, holder], options);
}
