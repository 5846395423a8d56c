import { type CreatureInPlay, type Element, type EnergyCost, elementSchema } from "@turnkeep/game-state";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { energies } from "../cards/energies.js";
import { canPay } from "./energy-cost.js";

const cards = Object.fromEntries(energies.map((card) => [card.id, card]));

const holding = (elements: readonly Element[]): CreatureInPlay => ({
  id: "c",
  definitionId: "ashpaw",
  owner: 0,
  damage: 0,
  energy: elements.map((element, index) => ({ id: `e${index}`, definitionId: `${element}-energy`, owner: 0 })),
  tools: [],
  conditions: [],
  under: [],
  enteredOnTurn: 1,
});

/** The plain truth: some way of giving each part of the cost an energy of its own. */
function someWayExists(elements: readonly Element[], cost: readonly EnergyCost[]): boolean {
  const [wanted, ...others] = cost;
  if (wanted === undefined) return true;
  return elements.some(
    (element, index) => (wanted === "any" || wanted === element) && someWayExists(elements.toSpliced(index, 1), others),
  );
}

const someElements = fc.array(fc.constantFrom(...elementSchema.options.slice(0, 3)), { maxLength: 5 });
const someCost = fc.array(fc.constantFrom(...elementSchema.options.slice(0, 3), "any" as const), { maxLength: 4 });

it("a cost can be paid exactly where each part of it gets an energy of its own", () => {
  fc.assert(
    fc.property(someElements, someCost, (elements, cost) => {
      expect(canPay(holding(elements), cost, cards)).toBe(someWayExists(elements, cost));
    }),
    { numRuns: 500 },
  );
});

it("one energy does not pay twice", () => {
  expect(canPay(holding(["ember", "stone"]), ["ember", "ember"], cards)).toBe(false);
});
