import type { CardDefinition, ContinuingEffect, Effect, GameView, PlayerView, RecordView } from "@turnkeep/game-state";

/** Known words first; what a newer server may bring is told by its own name, taken apart. */
function wordFor(words: Readonly<Record<string, string>>, key: string): string {
  return words[key] ?? spaced(key);
}

export const spaced = (name: string): string => name.replace(/([a-z])([A-Z])|_/g, "$1 $2").toLowerCase();

const phases: Readonly<Record<string, string>> = {
  setup: "setting up",
  draw: "draw",
  main: "main phase",
  attack: "after the attack",
  betweenTurns: "between turns",
  ended: "over",
};

export const gameTypes: Readonly<Record<string, string>> = {
  campaign: "game against the machine",
  freeplay: "friendly game",
  ranked: "ranked game",
};

export const gameTypeText = (gameType: string): string => wordFor(gameTypes, gameType);

export function turnText({ result, phase, turnNumber }: GameView): string {
  if (result !== null) return `Over after turn ${turnNumber}`;
  return phase === "setup" ? "Setting up" : `Turn ${turnNumber}, ${wordFor(phases, phase)}`;
}

const reasons: Readonly<Record<string, string>> = {
  prizesTaken: "all prizes taken",
  prizes: "all prizes taken",
  noCreaturesLeft: "no creature left to fight on",
  knockout: "no creature left to fight on",
  deckEmpty: "no card left to draw",
  deck_out: "no card left to draw",
  conceded: "by concession",
  concession: "by concession",
  timedOut: "out of time",
  timeout: "out of time",
  turnLimitReached: "ahead at the turn limit",
  turn_limit: "ahead at the turn limit",
  tied: "a draw",
  draw: "a draw",
  expired: "nobody played on",
  abandoned: "abandoned",
};

export const reasonText = (reason: string): string => wordFor(reasons, reason);

export function nameOf(view: GameView, playerId: string | null): string {
  if (playerId === null) return "Nobody";
  if (playerId === view.viewerId) return "You";
  return view.players[playerId]?.name ?? "Somebody";
}

export function resultText(view: GameView): string {
  if (view.result === null) return "";
  const { winnerId, reason } = view.result;
  if (winnerId === null) return `No winner: ${reasonText(reason)}`;
  return `${nameOf(view, winnerId)} ${winnerId === view.viewerId ? "win" : "wins"}: ${reasonText(reason)}`;
}

type Say = (part: {
  who: string;
  does: (verb: string) => string;
  cards: string;
  amount: number;
  count: number;
}) => string;

export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

const sentences: Readonly<Record<string, Say>> = {
  mulligan: ({ who, does }) => `${who} ${does("show")} a hand without a creature and ${does("deal")} again`,
  mulliganDraw: ({ who, does, count }) => `${who} ${does("draw")} ${plural(count, "card")} for it`,
  setUp: ({ who, does, cards }) => `${who} ${does("lay")} out ${cards}`,
  draw: ({ who, does, cards }) => `${who} ${does("draw")} ${cards}`,
  playCreature: ({ who, does, cards }) => `${who} ${does("play")} ${cards}`,
  attachEnergy: ({ who, does, cards }) => `${who} ${does("attach")} ${cards}`,
  evolve: ({ who, does, cards }) => `${who} ${does("evolve")}: ${cards}`,
  playTrainer: ({ who, does, cards }) => `${who} ${does("play")} ${cards}`,
  playStadium: ({ who, does, cards }) => `${who} ${does("open")} ${cards}`,
  attachTool: ({ who, does, cards }) => `${who} ${does("attach")} ${cards}`,
  retreat: ({ who, does, cards }) => `${who} ${does("retreat")}: ${cards}`,
  attack: ({ who, does, cards }) => `${who} ${does("attack")} with ${cards}`,
  promote: ({ who, does, cards }) => `${who} ${does("send")} ${cards} forward`,
  discard: ({ who, does, cards }) => `${who} ${does("discard")} ${cards}`,
  endTurn: ({ who, does }) => `${who} ${does("end")} the turn`,
  concede: ({ who, does }) => `${who} ${does("concede")}`,
  offerDraw: ({ who, does }) => `${who} ${does("offer")} a draw`,
  acceptDraw: ({ who, does }) => `${who} ${does("accept")} the draw`,
  declineDraw: ({ who, does }) => `${who} ${does("decline")} the draw`,
  timeOut: ({ who, does }) => `${who} ${does("run")} out of time`,
  close: () => "The game is closed",
  coinFlip: ({ who, does, amount }) => `${who} ${does("flip")} ${amount === 1 ? "heads" : "tails"}`,
  damage: ({ cards, amount }) => `${cards} takes ${amount} damage`,
  heal: ({ cards, amount }) => `${cards} is healed by ${amount}`,
  condition: ({ cards }) => `${cards} is afflicted`,
  cure: ({ cards }) => `${cards} is well again`,
  search: ({ who, does, cards }) => `${who} ${does("find")} ${cards}`,
  recover: ({ who, does, cards }) => `${who} ${does("recover")} ${cards}`,
  discardEnergy: ({ cards }) => `${cards} comes off`,
  leaveStadium: ({ cards }) => `${cards} closes`,
  knockOut: ({ cards }) => `${cards} is knocked out`,
  takePrizes: ({ who, does, count }) => `${who} ${does("take")} ${plural(count, "prize")}`,
};

export function recordText(view: GameView, record: RecordView): string {
  const { type, playerId, cards, cardCount, amount } = record;
  const who = nameOf(view, playerId);
  const names = cards.map(({ definitionId }) => view.cards[definitionId]?.name ?? spaced(definitionId)).join(", ");
  const does = (verb: string) => (who === "You" ? verb : /(s|sh|ch)$/.test(verb) ? `${verb}es` : `${verb}s`);
  const sentence = sentences[type] ?? (({ who, cards }) => `${who}: ${spaced(type)} ${cards}`);
  return sentence({ who, does, cards: names || plural(cardCount, "card"), count: cardCount, amount: amount ?? 0 });
}

const many = { creature: "creatures", energy: "energies", trainer: "trainers" } as const;

export function effectText(effect: Effect): string {
  switch (effect.op) {
    case "draw":
      return `Draw ${plural(effect.count, "card")}.`;
    case "renewHand":
      return `Shuffle your hand into the deck, then draw ${plural(effect.count, "card")}.`;
    case "search":
      return `Find ${effect.count === 1 ? `a ${effect.kind}` : `${effect.count} ${many[effect.kind]}`} in your deck.`;
    case "recoverEnergy":
      return `Take back ${plural(effect.count, "energy", "energies")} from your discard pile.`;
    case "rekindle":
      return `Attach an energy from your discard pile to ${ownTarget(effect.target)}.`;
    case "heal":
      return `Heal ${effect.amount} from ${ownTarget(effect.target)}.`;
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
      return `Discard ${plural(effect.count, "energy", "energies")} from ${effect.from === "own" ? "it" : "the defender"}.`;
    case "inflict":
      return `The defender is ${effect.condition}.`;
    case "inflictOnHeads":
      return `Flip a coin: on heads the defender is ${effect.condition}.`;
    case "switchActive":
      return "Swap your active creature with one of your bench.";
    case "dragOut":
      return "Swap the opposing active creature with one of its bench.";
    default:
      return `${spaced((effect as { op: string }).op)}.`;
  }
}

const ownTarget = (target: "active" | "chosen" | "all"): string =>
  ({ active: "your active creature", chosen: "one of your creatures", all: "each of your creatures" })[target];

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
      return `${spaced((effect as { op: string }).op)}.`;
  }
}

/** What a card says beside its numbers. */
export function cardText(card: CardDefinition): readonly string[] {
  if (card.kind === "trainer") return card.effects.map(effectText);
  return card.kind === "stadium" || card.kind === "tool"
    ? card.continuing.map((effect) => continuingText(effect, card.kind))
    : [];
}

export const kindText = (card: CardDefinition): string =>
  card.kind === "trainer"
    ? card.role
    : card.kind === "creature" && card.evolvesFrom
      ? `from ${card.evolvesFrom.replaceAll("-", " ")}`
      : card.kind;

export function countsText(player: PlayerView): string {
  const { prizeCount, handCount, deckCount, discard } = player;
  return `${plural(prizeCount, "prize")} left, ${plural(handCount, "card")} in hand, ${deckCount} in the deck, ${discard.length} discarded`;
}
