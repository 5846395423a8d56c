import type { RandomState } from "./parts/random-state.js";

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
  const [a = 0, b = 0, c = 0, counter = 0] = words;
  return { words: [a, b, c, counter] };
}

/** "expand 32-byte k" */
const constants = [0x61707865, 0x3320646e, 0x79622d32, 0x6b206574] as const;

/** Which words of the block one round mixes: its columns, then its diagonals. */
const quarters = [
  [0, 4, 8, 12],
  [1, 5, 9, 13],
  [2, 6, 10, 14],
  [3, 7, 11, 15],
  [0, 5, 10, 15],
  [1, 6, 11, 12],
  [2, 7, 8, 13],
  [3, 4, 9, 14],
] as const;

/** The first word of ChaCha20's block for this key, filled up with zeros, and this counter. */
function firstWord([a, b, c, counter]: RandomState["words"]): number {
  const block = Uint32Array.of(...constants, a, b, c, 0, 0, 0, 0, 0, counter, 0, 0, 0);
  const mix = (to: number, by: number, into: number, turn: number) => {
    block[to] = (block[to] ?? 0) + (block[by] ?? 0);
    block[into] = rotateLeft((block[into] ?? 0) ^ (block[to] ?? 0), turn);
  };
  for (let twoRounds = 0; twoRounds < 10; twoRounds++) {
    for (const [one, two, three, four] of quarters) {
      mix(one, two, four, 16);
      mix(three, four, two, 12);
      mix(one, two, four, 8);
      mix(three, four, two, 7);
    }
  }
  return ((block[0] ?? 0) + constants[0]) >>> 0;
}

function step({ words }: RandomState): { value: number; random: RandomState } {
  const [a, b, c, counter] = words;
  return { value: firstWord(words), random: { words: [a, b, c, (counter + 1) >>> 0] } };
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
