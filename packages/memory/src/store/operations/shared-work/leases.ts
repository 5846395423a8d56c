import type { CallOptions, Database } from "../../database.js";

/** Takes a lease that is free, over, or the holder's already. */
export function acquireLease(
  db: Database,
  name: string,
  holder: string,
  leaseMs: number,
  options?: CallOptions,
): Promise<boolean> {
  const { space } = db;
  return db.withLocks([keyOf(name)], options, (transaction) => {
    const lease = space.leases.get(name, transaction);
    const now = space.now();
    if (lease !== undefined && lease.holder !== holder && lease.expiresAt > now) return false;
    space.leases.set(name, { holder, expiresAt: now + leaseMs }, transaction);
    return true;
  });
}

/** Gives a lease back; nothing happens if another holds it. */
export function releaseLease(db: Database, name: string, holder: string, options?: CallOptions): Promise<void> {
  const { leases } = db.space;
  return db.withLocks([keyOf(name)], options, (transaction) => {
    if (leases.get(name, transaction)?.holder === holder) leases.set(name, undefined, transaction);
  });
}

const keyOf = (name: string): string => `lease ${name}`;
