import type { CardDefinition, GameView, PlayerView, RecordView } from "@turnkeep/game-state";
import { conditions, conditionText } from "./conditions.js";

/** Known words first; what a newer server may bring is shown by its own name, taken apart. */
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
  turnLimitReached: "by prizes, at the turn limit",
  turn_limit: "by prizes, at the turn limit",
  tied: "a draw",
  draw: "a draw",
  expired: "nobody played on",
  abandoned: "abandoned",
};

export const reasonText = (reason: string): string => wordFor(reasons, reason);

export function nameOf(view: GameView, playerId: string | null): string {
  if (playerId === null) return "Nobody";
  if (playerId === view.viewerId) return "You";
  return view.players[playerId]?.name ?? "A player";
}

/** How the game ended for its viewer; `over` for a spectator, and while it is played. */
export function outcomeOf({ result, viewerId }: GameView): "won" | "lost" | "drawn" | "over" {
  if (result === null || viewerId === null) return "over";
  if (result.winnerId === null) return "drawn";
  return result.winnerId === viewerId ? "won" : "lost";
}

export function resultText(view: GameView): string {
  if (view.result === null) return "";
  const { winnerId, reason } = view.result;
  const outcome = outcomeOf(view);
  const says =
    winnerId === null ? "No winner" : outcome === "over" ? `${nameOf(view, winnerId)} wins` : `You ${outcome}`;
  return `${says}: ${reasonText(reason)}`;
}

type Say = (part: {
  view: GameView;
  who: string;
  does: (operation: string) => string;
  cards: string;
  amount: number | null;
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
  retreat: ({ who, does, cards, count }) => `${who} ${does("retreat")}${count === 0 ? "" : `, which costs ${cards}`}`,
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
  condition: ({ view, cards, amount }) => {
    const condition = amount === null ? undefined : conditions[amount];
    return `${cards} is ${condition === undefined ? "afflicted" : `${condition}: it ${conditionText(condition, view.rules)}`}`;
  },
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
  const does = (operation: string) =>
    who === "You" ? operation : /(s|sh|ch)$/.test(operation) ? `${operation}es` : `${operation}s`;
  const sentence = sentences[type] ?? (({ who, cards }) => `${who}: ${spaced(type)} ${cards}`);
  return sentence({ view, who, does, cards: names || plural(cardCount, "card"), count: cardCount, amount });
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
