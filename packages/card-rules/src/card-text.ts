import type { CardDefinition, ContinuingEffect, Effect } from "@turnkeep/game-state";

/** What a card says beside its numbers, one sentence for each of its effects. */
export function cardText(card: CardDefinition): readonly string[] {
  if (card.kind === "trainer") return card.effects.map(effectText);
  return card.kind === "stadium" || card.kind === "tool"
    ? card.continuing.map((effect) => continuingText(effect, card.kind))
    : [];
}

/** What an effect does, in a sentence; one that a newer server brings is shown by its name. */
export function effectText(effect: Effect): string {
  switch (effect.op) {
    case "draw":
      return `Draw ${counted(effect.count, "card")}.`;
    case "renewHand":
      return `Shuffle your hand into the deck, then draw ${counted(effect.count, "card")}.`;
    case "search":
      return `Find ${effect.count === 1 ? `a ${effect.kind}` : `${effect.count} ${many[effect.kind]}`} in your deck.`;
    case "recoverEnergy":
      return `Take back ${counted(effect.count, "energy", "energies")} from your discard pile.`;
    case "rekindle":
      return `Attach an energy from your discard pile to ${ownTarget[effect.target]}.`;
    case "heal":
      return `Heal ${effect.amount} from ${ownTarget[effect.target]}.`;
    case "cure":
      return "Your active creature loses its conditions.";
    case "damageOnHeads":
      return `Flip a coin: heads adds ${effect.amount}.`;
    case "damagePerEnergy":
      return `Adds ${effect.amount} for each energy on it.`;
    case "damageIfHurt":
      return `Adds ${effect.amount} if the defender is hurt.`;
    case "damageBench":
      return `${effect.amount} damage to each creature of the opposing bench.`;
    case "recoil":
      return `${effect.amount} damage to itself.`;
    case "discardEnergy":
      return `Discard ${counted(effect.count, "energy", "energies")} from ${effect.from === "own" ? "it" : "the defender"}.`;
    case "inflict":
      return `The defender is ${effect.condition}.`;
    case "inflictOnHeads":
      return `Flip a coin: on heads the defender is ${effect.condition}.`;
    case "switchActive":
      return "Swap your active creature with one of your bench.";
    case "dragOut":
      return "Swap the opposing active creature with one of its bench.";
    default:
      return unknown(effect);
  }
}

function continuingText(effect: ContinuingEffect, kind: "stadium" | "tool"): string {
  const all = effect.element === null ? "All creatures" : `Creatures of ${effect.element}`;
  const wearer = effect.element === null ? "Its wearer" : `A wearer of ${effect.element}`;
  const whom = kind === "tool" ? wearer : all;
  const by = "amount" in effect ? `${effect.amount > 0 ? "+" : ""}${effect.amount}` : "";
  switch (effect.op) {
    case "attackDamage":
      return `${whom}: attacks ${by}.`;
    case "damageTaken":
      return `${whom}: damage taken ${by}.`;
    case "hitPoints":
      return `${whom}: hit points ${by}.`;
    case "retreatCost":
      return `${whom}: retreat ${by}.`;
    case "mend":
      return `${whom}: heal ${effect.amount} between turns while active.`;
    case "ward":
      return `${whom}: cannot be ${effect.condition}.`;
    default:
      return unknown(effect);
  }
}

const ownTarget = {
  active: "your active creature",
  chosen: "one of your creatures",
  all: "each of your creatures",
} as const;

const many = { creature: "creatures", energy: "energies", trainer: "trainers" } as const;

const counted = (count: number, one: string, more = `${one}s`): string => `${count} ${count === 1 ? one : more}`;

const unknown = (effect: { readonly op: string }): string =>
  `${effect.op.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase()}.`;
