import type { Effect } from "@turnkeep/game-state";
import type { Table } from "../board/table.js";
import type { CardActionOf } from "../card-action.js";
import { newestEnergies } from "../effects/hand-and-deck.js";
import { worthOfEnergy } from "./energy.js";
import { worthOfBestAttack } from "./fight.js";
import { maySpare } from "./spare.js";

/** How good it is to play this trainer card so; 0 and less: better not. */
export function worthOfTrainer(table: Table, { cardId, targetId }: CardActionOf<"playTrainer">): number {
  const card = table.hand.find(({ id }) => id === cardId);
  const definition = card === undefined ? undefined : table.cards[card.definitionId];
  if (definition?.kind !== "trainer") return 0;
  return definition.effects.reduce((sum, effect) => sum + worthOfEffect(table, effect, targetId), 0);
}

function worthOfEffect(table: Table, effect: Effect, targetId: string | null): number {
  const { active, bench, opponent } = table;
  const own = active === null ? bench : [active, ...bench];
  const target = own.find(({ id }) => id === targetId);
  switch (effect.op) {
    case "draw":
    case "search":
      return maySpare(table, effect.count) ? 20 * effect.count : 0;
    case "renewHand": {
      // The card itself is of the hand no more.
      const spent = effect.count - (table.hand.length - 1);
      if (spent < 0) return maySpare(table, 0) ? 0 : 30;
      return spent >= 3 && maySpare(table, spent) ? 30 : 0;
    }
    case "recoverEnergy":
      return table.hand.some(({ definitionId }) => table.cards[definitionId]?.kind === "energy") ? 0 : 20;
    case "rekindle": {
      const [card] = newestEnergies(table.cards, table.discard, 1);
      return card === undefined || target === undefined ? 0 : worthOfEnergy(table, target, card);
    }
    case "heal": {
      const healed = effect.target === "all" ? own : own.filter(({ id }) => id === (targetId ?? active?.id));
      const sum = healed.reduce((total, { damage }) => total + Math.min(damage, effect.amount), 0);
      return sum >= 20 ? sum : 0;
    }
    case "cure":
      return 30;
    case "switchActive":
      return target === undefined ? 0 : worthOfSwitch(table, target.id) - 20;
    case "dragOut": {
      const dragged = opponent.bench.find(({ id }) => id === targetId) ?? null;
      const after: Table = { ...table, opponent: { ...opponent, active: dragged, bench: [] } };
      // An emptied bench would look like a win; one creature of it stays in mind.
      const benched = opponent.active === null ? [] : [opponent.active];
      const better = { ...after, opponent: { ...after.opponent, bench: benched } };
      return active === null ? 0 : worthOfBestAttack(better, active) - worthOfBestAttack(table, active) - 30;
    }
    case "discardEnergy":
      return effect.from === "opponent" ? 25 : -25;
    case "inflict":
    case "inflictOnHeads":
      return 20;
    default:
      return 0;
  }
}

/** How much more this creature of the bench can do in the active place than the one that is there. */
export function worthOfSwitch(table: Table, benchId: string): number {
  const { active, bench } = table;
  const incoming = bench.find(({ id }) => id === benchId);
  if (active === null || incoming === undefined) return 0;
  return worthOfBestAttack(table, incoming) - worthOfBestAttack(table, active);
}
