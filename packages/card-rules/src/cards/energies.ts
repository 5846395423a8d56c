import { type Element, type EnergyDefinition, elementSchema } from "@turnkeep/game-state";

const names: Readonly<Record<Element, string>> = {
  ember: "Ember",
  tide: "Tide",
  grove: "Grove",
  storm: "Storm",
  stone: "Stone",
};

/** One energy card for each element. */
export const energies: readonly EnergyDefinition[] = elementSchema.options.map((element) => ({
  kind: "energy",
  id: `${element}-energy`,
  name: `${names[element]} Energy`,
  element,
}));
