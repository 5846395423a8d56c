import { seededRandom as seeded } from "@turnkeep/core/virtual-runtime";

export { seeded };

/** Numbers from 0 (inclusive) to 1; the same seed gives the same numbers. */
export type Random = () => number;

/** A generator of its own, so that one user's draws do not change another's. */
export function fork(random: Random): Random {
  return seeded(Math.floor(random() * 2 ** 32));
}

export function between(random: Random, from: number, to: number): number {
  return from + random() * (to - from);
}

export function pick<T>(random: Random, items: readonly T[]): T | undefined {
  return items[Math.floor(random() * items.length)];
}
