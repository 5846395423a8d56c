import { seededRandom } from "@turnkeep/core/virtual-runtime";

/** Random numbers that a seed repeats. Each name has a stream of its own, so that no client's draws shift another's. */
export interface Chance {
  /** At least 0, below 1. */
  next(): number;
  /** A whole number from 0, below the bound. */
  below(bound: number): number;
  pick<T>(choice: readonly T[]): T;
}

/** FNV-1a over the text, as a start for the stream. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const char of text) value = Math.imul(value ^ char.charCodeAt(0), 0x01000193);
  return value >>> 0;
}

/** The stream of this name. */
export function seeded(seed: number, name: string): Chance {
  const next = seededRandom(hash(`${seed}:${name}`));
  const below = (bound: number) => Math.floor(next() * bound);
  return {
    next,
    below,
    pick: (choice) => {
      const one = choice[below(choice.length)];
      if (one === undefined) throw new RangeError("there is nothing to pick from");
      return one;
    },
  };
}

/** A canonical lower-case UUID. */
export function seededUuid(chance: Chance): string {
  const hex = Array.from({ length: 32 }, () => chance.below(16).toString(16)).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}
