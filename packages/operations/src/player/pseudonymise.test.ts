import { expect, test } from "vitest";
import { pseudonymise } from "./pseudonymise.js";

const who = { playerId: "ann", pseudonym: "p-1", name: "erased" };
const without = (document: unknown) => JSON.parse(pseudonymise(JSON.stringify(document), who));

test("the id goes from values, names of members and texts, the name from what is about the player, and nothing else", () => {
  const document = {
    players: [
      { id: "ann", name: "Ann", hand: ["storm"] },
      { id: "bob", name: "Ann", hand: ["ann"] },
    ],
    points: { ann: 3, bob: 2 },
    seats: [{ playerId: "ann", name: "Ann" }],
    log: ["ann plays Annihilate; bob:ann", "annex"],
    count: 1.5,
    none: null,
  };
  expect(without(document)).toEqual({
    players: [
      { id: "p-1", name: "erased", hand: ["storm"] },
      { id: "bob", name: "Ann", hand: ["p-1"] },
    ],
    points: { "p-1": 3, bob: 2 },
    seats: [{ playerId: "p-1", name: "erased" }],
    log: ["p-1 plays Annihilate; bob:p-1", "annex"],
    count: 1.5,
    none: null,
  });
});

test("an id may hold what means something in patterns, in replacements and in JSON", () => {
  const odd = { playerId: 'a.*"$&\\(', pseudonym: "$&$1", name: "erased" };
  const document = { winner: odd.playerId, other: 'axx"$&\\(', points: { [odd.playerId]: 1 } };
  expect(JSON.parse(pseudonymise(JSON.stringify(document), odd))).toEqual({
    winner: "$&$1",
    other: document.other,
    points: { "$&$1": 1 },
  });
});
