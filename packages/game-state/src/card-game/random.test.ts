import { createCipheriv } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type RandomState, randomStateSchema } from "./parts/random-state.js";
import { drawNumber, seedRandom, shuffle } from "./random.js";

describe("random numbers", () => {
  it("are ChaCha20's, as Node's own cipher has them: a few that were seen say nothing of the next", () => {
    const words = [0x01234567, 0x89abcdef, 0xfedcba98, 0xfffffffe] as const;
    let random: RandomState = { words: [...words] };
    for (const counter of [words[3], words[3] + 1, 0, 1]) {
      const key = Buffer.alloc(32);
      for (const [index, word] of words.slice(0, 3).entries()) key.writeUInt32LE(word, index * 4);
      const iv = Buffer.alloc(16);
      iv.writeUInt32LE(counter, 0);
      const stream = createCipheriv("chacha20", key, iv).update(Buffer.alloc(4));
      const drawn = drawNumber(random, 2 ** 32);
      random = drawn.random;
      expect(drawn.value).toBe(stream.readUInt32LE(0));
    }
  });

  it("are decided by the seed, stay in bounds and keep a sound state", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.integer({ min: 1, max: 2 ** 32 }), (seed, bound) => {
        const drawn = drawNumber(seedRandom(seed), bound);
        expect(drawn).toEqual(drawNumber(seedRandom(seed), bound));
        expect(drawn.value).toBeGreaterThanOrEqual(0);
        expect(drawn.value).toBeLessThan(bound);
        randomStateSchema.parse(drawn.random);
      }),
    );
  });

  it("are even: of 60,000 throws of a die, each side comes up within five percent of its share", () => {
    const counts = [0, 0, 0, 0, 0, 0];
    let random = seedRandom("dice");
    for (let thrown = 0; thrown < 60_000; thrown++) {
      const drawn = drawNumber(random, 6);
      random = drawn.random;
      counts[drawn.value] = (counts[drawn.value] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });
});

describe("shuffle", () => {
  it("keeps the items and leaves the given list alone", () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.string(), (items, seed) => {
        const frozen = Object.freeze([...items]);
        expect([...shuffle(seedRandom(seed), frozen).items].sort()).toEqual([...items].sort());
      }),
    );
  });

  it("gives every order of three about as often", () => {
    const orders = new Map<string, number>();
    let random = seedRandom("orders");
    for (let round = 0; round < 12_000; round++) {
      const shuffled = shuffle(random, ["a", "b", "c"]);
      random = shuffled.random;
      const order = shuffled.items.join("");
      orders.set(order, (orders.get(order) ?? 0) + 1);
    }
    expect(orders.size).toBe(6);
    for (const count of orders.values()) expect(Math.abs(count - 2_000)).toBeLessThan(200);
  });
});
