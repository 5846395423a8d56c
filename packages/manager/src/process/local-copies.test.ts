import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { harden, parseVersion } from "@turnkeep/core";
import { KeptText } from "@turnkeep/core/ports";
import { expect, test } from "vitest";
import { LocalCopies } from "./local-copies.js";

const game = (version: string) => ({
  ...{ state: { version }, version: parseVersion(version) },
  ...{ status: "live" as const, rulesVersion: 1, metadata: null, metadataVersion: "0" },
});

test("a slow answer never replaces a newer copy", () => {
  const copies = new LocalCopies<{ version: string }>(1_000);
  copies.put("a", game("3.7"), 10);
  copies.put("a", game("3.6"), 10);
  expect(copies.get("a")?.version).toBe("3.7");
  copies.put("a", game("10.1"), 10);
  expect(copies.get("a")?.version).toBe("10.1");
});

test("what the cache answers replaces the version that was known when it was asked, unless another came meanwhile", () => {
  const copies = new LocalCopies<{ version: string }>(1_000);
  copies.put("a", game("9.9"), 10);
  copies.put("a", game("3.1"), 10, parseVersion("9.9"));
  expect(copies.get("a")?.version).toBe("3.1");
  copies.put("a", game("3.2"), 10);
  copies.put("a", game("3.1"), 10, parseVersion("9.9"));
  expect(copies.get("a")?.version).toBe("3.2");
});

test("copies are bounded by the memory that they take; versions outlive them", () => {
  const copies = new LocalCopies<{ version: string }>(1_400);
  for (let n = 1; n <= 5; n++) copies.put(`g${n}`, game(`1.${n}`), 40);
  expect(["g1", "g2", "g3", "g4", "g5"].filter((id) => copies.get(id) !== undefined)).toEqual(["g4", "g5"]);
  expect(copies.versionOf("g1")).toBe("1.1");
});

test("a copy larger than the whole bound is not kept, nor is any with a bound of 0", () => {
  const copies = new LocalCopies<{ version: string }>(1_000);
  copies.put("big", game("1.1"), 1_000);
  expect(copies.get("big")).toBeUndefined();
  const none = new LocalCopies<{ version: string }>(0);
  none.put("a", game("1.1"), 1);
  expect(none.get("a")).toBeUndefined();
  expect(none.versionOf("a")).toBe("1.1");
});

test("a dropped copy keeps its version, a forgotten one does not", () => {
  const copies = new LocalCopies<{ version: string }>(1_000);
  copies.put("a", game("1.1"), 10);
  copies.drop("a");
  expect([copies.get("a"), copies.versionOf("a")]).toEqual([undefined, "1.1"]);
  copies.forget("a");
  expect(copies.versionOf("a")).toBeUndefined();
});

/** As games of cards are: some texts over and over, ids and numbers in small objects. */
function playedText(number: number, cards: number): string {
  const players = ["1a1a1a1a-1111-4111-8111-111111111111", "2b2b2b2b-2222-4222-8222-222222222222"];
  const card = (place: number) => ({
    id: `${place % 2}-${place}`,
    definitionId: `lock-heron-${place % 20}`,
    owner: place % 2,
  });
  const record = (seq: number) => ({
    seq,
    turn: 10,
    type: "damage",
    playerId: players[seq % 2],
    cards: [card(seq)],
    at: null,
  });
  const seat = () => ({
    name: "One",
    deck: Array.from({ length: cards }, (_, place) => card(place)),
    hand: [card(number)],
  });
  return JSON.stringify({
    gameId: `3c3c3c3c-3333-4333-8333-${String(number).padStart(12, "0")}`,
    players: Object.fromEntries(players.map((id) => [id, seat()])),
    recentActions: Array.from({ length: 20 }, (_, seq) => record(seq)),
  });
}

test.each([10, 40, 200])(
  "the bound is the memory that copies and texts of games with %i cards take, within a fifth",
  async (cards) => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const heap = async () => {
      collect();
      // What lay outside the heap is given back beside the program, and counted at the next collection.
      await new Promise((resolve) => setImmediate(resolve));
      collect();
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      return heapUsed + arrayBuffers;
    };
    const bound = 16_000_000;
    const text = playedText(0, cards);
    const before = await heap();
    const copies = new LocalCopies<object>(bound);
    for (let number = 0; number * text.length < 2 * bound; number += 1) {
      const own = playedText(number, cards);
      const loaded = JSON.parse(own) as object;
      const id = `game ${number}`;
      const states = [0, 1, 2].map((turn) => ({ ...loaded, turn }));
      for (const [turn, state] of states.entries()) copies.encode(id, state, states[turn - 1] ?? loaded);
      copies.put(id, { ...game(`1.${number}`), state: states[2] as object }, own.length);
    }
    const held = (await heap()) - before;
    expect(held / bound).toBeGreaterThan(0.8);
    expect(held / bound).toBeLessThan(1.2);
    expect(copies.get("game 0")).toBeUndefined();
  },
);

const long = Array.from({ length: 300 }, (_, id) => ({ id, text: "one of the cards of a game" }));

/** What this process sends for a game that is written so many times. */
function sentBy(copies: LocalCopies<object>, gameId: string, writes: number, from: object = { long }) {
  const sent: (string | Uint8Array)[] = [];
  for (let turn = 0, before = from; turn < writes; turn += 1) {
    const next = { ...from, turn };
    harden(next);
    sent.push(copies.encode(gameId, next, before));
    before = next;
  }
  return sent;
}

const kindsOf = (sent: readonly (string | Uint8Array)[]) => sent.map((text) => typeof text);

test("the text of a long state is kept from the second write on, and a dropped game's is not", () => {
  const copies = new LocalCopies<object>(10_000_000);
  const sent = sentBy(copies, "a", 4);
  expect(kindsOf(sent)).toEqual(["string", "object", "object", "object"]);
  const texts = sent.map((text) => (typeof text === "string" ? text : Buffer.from(text).toString()));
  expect(texts).toEqual([0, 1, 2, 3].map((turn) => JSON.stringify({ long, turn })));
  expect((sent[1] as Uint8Array).length).toBeGreaterThan(KeptText.leastBytes);
  copies.drop("a");
  expect(kindsOf(sentBy(copies, "a", 1))).toEqual(["string"]);
  expect(kindsOf(sentBy(copies, "b", 3, { short: 1 }))).toEqual(["string", "string", "string"]);
});

test("no text is kept where states may be changed in place, and none of many games that are written in turn", () => {
  expect(kindsOf(sentBy(new LocalCopies<object>(10_000_000, false), "a", 3))).toEqual(["string", "string", "string"]);
  const copies = new LocalCopies<object>(400_000);
  const states = new Map<string, object>();
  for (let write = 0; write < 30; write += 1) {
    const gameId = `game ${write % 10}`;
    const before = states.get(gameId) ?? { long };
    const next = { long, write };
    expect(typeof copies.encode(gameId, next, before)).toBe("string");
    states.set(gameId, next);
  }
});
