import type { StarterDeck } from "@turnkeep/card-rules";
import { npcIdOf } from "@turnkeep/game-state";
import { invalidInput } from "../refusals.js";

interface NpcSeat {
  readonly name: string;
  readonly deck: StarterDeck;
}

/** Whom one can play against alone. */
const npcs: Readonly<Record<string, NpcSeat>> = {
  kilnkeeper: { name: "The Kilnkeeper", deck: "kiln" },
  "marsh-warden": { name: "The Marsh Warden", deck: "marsh" },
};

/** The NPC of this player id; `null` for a human. @throws InvalidInput for one that is not known */
export function npcSeatOf(playerId: string): NpcSeat | null {
  const npcId = npcIdOf(playerId);
  if (npcId === null) return null;
  const npc = Object.hasOwn(npcs, npcId) ? npcs[npcId] : undefined;
  if (npc === undefined) throw invalidInput(`npcId: one of ${Object.keys(npcs).join(", ")}`);
  return npc;
}
