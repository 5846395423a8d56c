/** Numbers from 0 (inclusive) to 1; the same seed gives the same numbers. */
export type Random = () => number;

/** A small generator that is good enough to choose moves and moments (mulberry32). */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

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
