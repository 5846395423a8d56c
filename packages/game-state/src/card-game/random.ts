import * as z from "zod";
import type { DeepReadonly } from "../core/deep-readonly.js";

const word = z.int().min(0).max(0xffff_ffff);

/** The state of the game's random numbers: xoshiro128**, four 32-bit words, never all zero. Never shown to anybody. */
export const randomStateSchema = z.strictObject({ words: z.tuple([word, word, word, word]) });
export type RandomState = DeepReadonly<z.infer<typeof randomStateSchema>>;

const rotateLeft = (value: number, by: number): number => (value << by) | (value >>> (32 - by));

/** The same seed gives the same numbers, on every machine: all arithmetic is on 32-bit integers. */
export function seedRandom(seed: string): RandomState {
  const words = [0x9e3779b9, 0x85ebca6b, 0xc2b2ae35, 0x27d4eb2f].map((basis) => {
    let hash = basis;
    for (let index = 0; index < seed.length; index++) {
      hash = Math.imul(hash ^ seed.charCodeAt(index), 0x01000193);
      hash ^= hash >>> 15;
    }
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return (hash ^ (hash >>> 16)) >>> 0;
  });
  const [a = 0, b = 0, c = 0, d = 0] = words;
  return { words: [a, b, c, a === 0 && b === 0 && c === 0 && d === 0 ? 1 : d] };
}

function step({ words: [a, b, c, d] }: RandomState): { value: number; random: RandomState } {
  const value = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
  const nextC = c ^ a;
  const nextD = d ^ b;
  const words = [a ^ nextD, b ^ nextC, nextC ^ (b << 9), rotateLeft(nextD, 11)] as const;
  return { value, random: { words: [words[0] >>> 0, words[1] >>> 0, words[2] >>> 0, words[3] >>> 0] } };
}

/** A number from 0 to below `bound` (1 to 2^32), all equally likely, and the state after it. */
export function drawNumber(random: RandomState, bound: number): { value: number; random: RandomState } {
  const fair = 2 ** 32 - (2 ** 32 % bound);
  let drawn = step(random);
  while (drawn.value >= fair) drawn = step(drawn.random);
  return { value: drawn.value % bound, random: drawn.random };
}

/** The items in a random order, all orders equally likely, and the state after it. */
export function shuffle<T>(random: RandomState, items: readonly T[]): { items: readonly T[]; random: RandomState } {
  const shuffled = [...items];
  let state = random;
  for (let last = shuffled.length - 1; last > 0; last--) {
    const drawn = drawNumber(state, last + 1);
    state = drawn.random;
    const [moved] = shuffled.splice(drawn.value, 1);
    if (moved !== undefined) shuffled.splice(last, 0, moved);
  }
  return { items: shuffled, random: state };
}
