import { randomUUID } from "node:crypto";
import calculateSlot from "cluster-key-slot";
import { describe, expect, test } from "vitest";
import { slotCount, tagOfSlot } from "./cluster/slot-tags.js";
import { Keyring } from "./keys.js";

describe("Keyring", () => {
  test.each(["", "shop-", "a:b:", "*?[x]\\"])(
    "on a Cluster all keys of a game share its slot, with prefix %j",
    (prefix) => {
      const keyring = new Keyring(prefix, true);
      for (let n = 0; n < 200; n++) {
        const id = randomUUID();
        const { index, ...others } = keyring.of(id);
        const slots = new Set([index, ...Object.values(others)].map((key) => calculateSlot(key)));
        expect(slots.size, `the slots of ${id}`).toBe(1);
        expect(index).toBe(keyring.index(keyring.tagOf(index)));
      }
    },
  );

  test("names keys as they are documented", () => {
    const id = "0b0e7a3e-2c1d-4f5a-9b8c-7d6e5f4a3b2c";
    expect(new Keyring("", false).of(id)).toEqual({
      state: `game:${id}`,
      header: `{game:${id}}:m`,
      tail: `{game:${id}}:l`,
      channel: `{game:${id}}:w`,
      index: "dirty:{0}",
      deployment: "deployment:{0}",
    });
    expect(new Keyring("shop-", false).of(id)).toEqual({
      state: `shop-game:${id}`,
      header: `{shop-game:${id}}:m`,
      tail: `{shop-game:${id}}:l`,
      channel: `{shop-game:${id}}:w`,
      index: "shop-dirty:{0}",
      deployment: "shop-deployment:{0}",
    });
  });

  test("refuses every other spelling of an id", () => {
    const keyring = new Keyring("", false);
    const id = randomUUID();
    for (const other of [id.toUpperCase(), `{${id}}`, id.replaceAll("-", ""), `${id} `, `a{b}${id}`, ""]) {
      expect(() => keyring.of(other)).toThrow(expect.objectContaining({ code: "InvalidGameId" }));
    }
  });

  test("knows its own state keys, and escapes its prefix in patterns", () => {
    const keyring = new Keyring("a*[b]", false);
    const id = randomUUID();
    expect(keyring.gameIdOf(keyring.of(id).state)).toBe(id);
    expect(keyring.gameIdOf(`game:${id}`)).toBeNull();
    expect(keyring.gameIdOf("a*[b]game:x")).toBeNull();
    expect(keyring.patterns.state).toBe("a\\*\\[b\\]game:*");
  });
});

describe("tagOfSlot", () => {
  test("has one short tag for each slot", () => {
    const tags = Array.from({ length: slotCount }, (_, slot) => tagOfSlot(slot));
    expect(tags.map((tag) => calculateSlot(`x:{${tag}}`))).toEqual(tags.map((_, slot) => slot));
    expect(Math.max(...tags.map((tag) => tag.length))).toBeLessThanOrEqual(4);
    expect(() => tagOfSlot(slotCount)).toThrow(RangeError);
  });
});
