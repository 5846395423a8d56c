import type { StoreSpace } from "./store-space.js";
import type { MemoryTransaction } from "./transaction.js";

/** Takes a lease that is free, over, or the holder's already. */
export async function acquireLease(
  space: StoreSpace,
  { name, holder, leaseMs }: { name: string; holder: string; leaseMs: number },
  transaction: MemoryTransaction,
): Promise<boolean> {
  await lockLease(space, name, transaction);
  const lease = space.leases.get(name, transaction);
  const now = space.now();
  if (lease !== undefined && lease.holder !== holder && lease.expiresAt > now) return false;
  space.leases.set(name, { holder, expiresAt: now + leaseMs }, transaction);
  return true;
}

/** Gives a lease back; nothing happens where another holds it. */
export async function releaseLease(
  space: StoreSpace,
  { name, holder }: { name: string; holder: string },
  transaction: MemoryTransaction,
): Promise<void> {
  await lockLease(space, name, transaction);
  if (space.leases.get(name, transaction)?.holder === holder) space.leases.set(name, undefined, transaction);
}

const lockLease = (space: StoreSpace, name: string, transaction: MemoryTransaction) =>
  space.lock(`lease ${name}`, transaction);
