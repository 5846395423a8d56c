import type { CardDefinition } from "@turnkeep/game-state";
import { emberCreatures } from "./creatures/ember.js";
import { groveCreatures } from "./creatures/grove.js";
import { stoneCreatures } from "./creatures/stone.js";
import { stormCreatures } from "./creatures/storm.js";
import { tideCreatures } from "./creatures/tide.js";
import { energies } from "./energies.js";
import { stadiums } from "./stadiums.js";
import { tools } from "./tools.js";
import { trainers } from "./trainers.js";

/** Every card that there is. */
export const cardCatalogue: readonly CardDefinition[] = [
  ...emberCreatures,
  ...tideCreatures,
  ...groveCreatures,
  ...stoneCreatures,
  ...stormCreatures,
  ...energies,
  ...trainers,
  ...stadiums,
  ...tools,
];
