import { retreatCostOf } from "../board/continuing.js";
import type { Table } from "../board/table.js";
import type { CardActionOf } from "../card-action.js";
import { canPay } from "./energy-cost.js";
import type { IllegalReason } from "./illegal-reason.js";

export function checkRetreat(table: Table, { benchId }: CardActionOf<"retreat">): IllegalReason | null {
  const { active } = table;
  if (table.flags.retreated) return "onceATurn";
  if (active === null || !table.bench.some(({ id }) => id === benchId)) return "noSuchCreature";
  if (active.conditions.includes("rooted")) return "rooted";
  if (active.conditions.includes("drowsy")) return "drowsy";
  return active.energy.length >= retreatCostOf(table, active) ? null : "notEnoughEnergy";
}

export function checkAttack(table: Table, { attackIndex }: CardActionOf<"attack">): IllegalReason | null {
  const { active } = table;
  if (table.turnNumber === 1) return "noAttackOnFirstTurn";
  if (active === null) return "noSuchCreature";
  if (active.conditions.includes("dazed")) return "dazed";
  if (active.conditions.includes("drowsy")) return "drowsy";
  const definition = table.cards[active.definitionId];
  const attack = definition?.kind === "creature" ? definition.attacks[attackIndex] : undefined;
  if (attack === undefined) return "noSuchAttack";
  return canPay(active, attack.cost, table.cards) ? null : "notEnoughEnergy";
}
