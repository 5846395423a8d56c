import {
  allCards,
  cardGame,
  createCodec,
  drawNumber,
  type GameState,
  gameStateSchema,
  isTurnkeepError,
  type RandomState,
  seedRandom,
} from "@turnkeep/game-state";
import type { CardAction } from "../card-action.js";
import { cardRules, replayLog } from "../card-rules.js";
import { cardCatalogue } from "../cards/catalogue.js";
import { type StarterDeck, starterDecks } from "../cards/decks.js";
import { deckProblems, isBasic } from "../check/deck-problems.js";
import { legalActions } from "../check/legal-actions.js";
import { playerIds, playOut, randomChooser, testGame } from "./playout.js";
import { unsound } from "./unsound.js";

const codec = createCodec(cardGame, { maxStateBytes: 1_000_000 });

/** What checking a game found; `actionMs` is the time that the rules alone took. */
export interface CheckedGame {
  readonly final: GameState;
  readonly steps: number;
  readonly actionMs: number;
}

/**
 * Plays a game by chance and holds it to all that is promised: after every action a state that the schema and the
 * checks across fields accept, and that play can lead to, with every card in exactly one place; every listed action
 * accepted and others refused; the same bytes from the log.
 * @throws Error at the first broken promise
 */
export function checkGame(seed: string): CheckedGame {
  const initial = testGame({ seed, players: seats(seed), rules: seed.endsWith("7") ? { turnLimit: 12 } : {} });
  const cards = cardNames(initial);
  const before = JSON.stringify(initial);
  let random = seedRandom(`probe ${seed}`);
  let actionMs = 0;
  const played = playOut(initial, randomChooser(seed), (step) => {
    actionMs += step.actionMs;
    const parsed = gameStateSchema.safeParse(step.after);
    if (!parsed.success) throw new Error(`${seed}: ${parsed.error.issues[0]?.message} after ${step.action.type}`);
    const wrong = unsound(step.after);
    if (wrong !== null) throw new Error(`${seed}: ${wrong} after ${step.action.type}`);
    if (cardNames(step.after) !== cards) throw new Error(`${seed}: a card went astray at ${step.action.type}`);
    random = probe(step.before, step.playerId, step.action, random);
  });
  if (JSON.stringify(initial) !== before) throw new Error(`${seed}: the initial state was changed`);
  const stored = codec.decodeState(codec.encodeState(initial).text);
  const again = codec.encodeState(replayLog(stored, played.log)).text;
  if (again !== codec.encodeState(played.final).text) throw new Error(`${seed}: the log replays to something else`);
  return { final: played.final, steps: played.steps, actionMs };
}

function cardNames(state: GameState): string {
  return allCards(state)
    .map(({ id, definitionId, owner }) => `${id} ${definitionId} ${owner}`)
    .sort()
    .join();
}

/** The starter decks for every other seed, else decks by chance of all cards that there are. */
function seats(seed: string) {
  let random = seedRandom(`decks ${seed}`);
  const deck = (name: StarterDeck): readonly string[] => {
    const drawn = drawNumber(random, 2);
    if (drawn.value === 0) {
      random = drawn.random;
      return starterDecks[name];
    }
    const made = chanceDeck(drawn.random);
    random = made.random;
    return made.deck;
  };
  return [
    { id: playerIds.one, name: "One", deck: deck("kiln") },
    { id: playerIds.two, name: "Two", deck: deck("marsh") },
  ] as const;
}

function chanceDeck(start: RandomState): { deck: readonly string[]; random: RandomState } {
  let random = start;
  const deck: string[] = [];
  const pick = (from: typeof cardCatalogue) => {
    const drawn = drawNumber(random, from.length);
    random = drawn.random;
    return from[drawn.value]?.id ?? "";
  };
  const basics = cardCatalogue.filter(isBasic);
  const energies = cardCatalogue.filter(({ kind }) => kind === "energy");
  while (deck.length < 30) {
    const from = deck.length < 6 ? basics : deck.length < 14 ? energies : cardCatalogue;
    const tried = [...deck, pick(from)];
    if (deckProblems(tried).every(({ code }) => code === "wrongSize")) deck.push(...tried.slice(-1));
  }
  return { deck, random };
}

/** Tries some of the listed actions, which have to be accepted, and altered ones, which have to be refused if unlisted. */
function probe(state: GameState, playerId: string, taken: CardAction, random: RandomState): RandomState {
  const legal = legalActions(state, playerId);
  const drawn = drawNumber(random, legal.length);
  const tried = legal[drawn.value];
  if (tried === undefined || refusal(state, playerId, tried) !== null) {
    throw new Error(`a listed action is refused: ${JSON.stringify(tried)}`);
  }
  const listed = new Set(legal.map((action) => JSON.stringify(action)));
  for (const action of strayActions(state, playerId, taken)) {
    const reason = refusal(state, playerId, action);
    if (!listed.has(JSON.stringify(action)) && reason === null) {
      throw new Error(`an unlisted action is accepted: ${JSON.stringify(action)}`);
    }
  }
  return drawn.random;
}

/** Actions of every kind, about cards from everywhere; few of them are allowed. */
function strayActions(state: GameState, playerId: string, taken: CardAction): readonly CardAction[] {
  const everywhere = allCards(state);
  const some = [taken.type.length, state.recordCount, state.turnNumber * 7].map(
    (at) => everywhere[at % everywhere.length]?.id ?? "",
  );
  const [cardId = "", targetId = "", third = ""] = some;
  const own = state.players[playerId]?.active?.id ?? third;
  return [
    { type: "playCreature", cardId },
    { type: "evolve", cardId, targetId: own },
    { type: "attachEnergy", cardId, targetId },
    { type: "attachTool", cardId, targetId: own },
    { type: "playTrainer", cardId, targetId: null },
    { type: "playTrainer", cardId, targetId: third },
    { type: "playStadium", cardId },
    { type: "retreat", benchId: targetId },
    { type: "attack", attackIndex: 0 },
    { type: "attack", attackIndex: 3 },
    { type: "promote", cardId },
    { type: "draw" },
    { type: "endTurn" },
    { type: "acceptDraw" },
    { type: "mulliganDraw", count: 1 },
    { type: "timeOut", serviceMs: 1 },
  ];
}

/** The reason, `null` if the action is accepted. @throws whatever is no refusal of the taxonomy */
function refusal(state: GameState, playerId: string, action: CardAction): string | null {
  try {
    cardRules.apply(state, playerId, action);
    return null;
  } catch (error) {
    if (isTurnkeepError(error, "IllegalAction") || isTurnkeepError(error, "NotYourTurn")) return error.code;
    throw error;
  }
}
