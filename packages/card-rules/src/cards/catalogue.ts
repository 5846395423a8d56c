import type { CardDefinition } from "@turnkeep/game-state";
import { creatures } from "./creatures.js";
import { energies } from "./energies.js";
import { trainers } from "./trainers.js";

/** Every card that there is. */
export const cardCatalogue: readonly CardDefinition[] = [...creatures, ...energies, ...trainers];
