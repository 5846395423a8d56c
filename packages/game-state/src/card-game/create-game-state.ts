import type { DeepReadonly } from "@turnkeep/core";
import { assertGameId, isNpc, TurnkeepError } from "@turnkeep/core";
import * as z from "zod";
import { type GameState, gameStateVersion } from "./game-state.js";
import { cardDefinitionSchema } from "./parts/card-definition.js";
import type { CardInstance } from "./parts/card-instance.js";
import { gameTypeSchema } from "./parts/game-type.js";
import { cardPlayerIdSchema, definitionIdSchema } from "./parts/ids.js";
import { noTurnFlags, type PlayerState } from "./parts/player-state.js";
import type { RandomState } from "./parts/random-state.js";
import { dueAfter, rulesConfigSchema, withDefaultRules } from "./parts/rules-config.js";
import { drawNumber, seedRandom, shuffle } from "./random.js";

const newPlayerSchema = z.strictObject({
  id: cardPlayerIdSchema,
  name: z.string().min(1).max(80),
  /** The definitions of the cards of the deck, one for each card. */
  deck: z.array(definitionIdSchema).min(1).max(100),
});

/** What a new card game is made of. */
export const newGameSchema = z.strictObject({
  gameId: z.string(),
  gameType: gameTypeSchema,
  rules: rulesConfigSchema.partial().default({}),
  /** Every card that may be used; the state keeps those that the decks use. */
  cards: z.array(cardDefinitionSchema).max(5_000),
  players: z.tuple([newPlayerSchema, newPlayerSchema]),
  /** Decides all that is random in the game. Keep it secret: it shows the order of the decks. */
  seed: z.string().min(1).max(200),
  /** The service time now, in ms; the clock of the first player starts with it. Without it no clock runs yet. */
  serviceMs: z.int().min(0).optional(),
});
export type NewCardGame = DeepReadonly<z.input<typeof newGameSchema>>;

/**
 * A new game before anything is dealt: decks shuffled, a random player at seat 0, phase `setup`. The same input gives
 * the same state.
 * @throws InvalidGameId, InvalidInput
 */
export function createGameState(input: NewCardGame): GameState {
  const gameId = assertGameId(input.gameId);
  const parsed = newGameSchema.safeParse(input);
  if (!parsed.success) {
    throw invalid(parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`));
  }
  const { gameType, players, seed, serviceMs } = parsed.data;
  const rules = withDefaultRules(parsed.data.rules);
  const definitions = new Map(parsed.data.cards.map((card) => [card.id, card]));
  const [one, two] = players;
  if (one.id === two.id) throw invalid(["players: two different players"]);
  if (isNpc(one.id) && isNpc(two.id)) throw invalid(["players: at least one is human"]);
  for (const [index, { deck }] of players.entries()) {
    if (deck.length !== rules.deckSize) throw invalid([`players.${index}.deck: ${rules.deckSize} cards`]);
    if (deck.some((id) => !definitions.has(id))) throw invalid([`players.${index}.deck: only cards that are defined`]);
  }

  const coin = drawNumber(seedRandom(seed), 2);
  const seated = coin.value === 0 ? ([one, two] as const) : ([two, one] as const);
  let random: RandomState = coin.random;
  const seats: [string, PlayerState][] = [];
  for (const [seat, player] of seated.entries()) {
    const shuffled = shuffle(random, numberCards(player.deck, seat));
    random = shuffled.random;
    seats.push([player.id, newPlayer(player, shuffled.items)]);
  }
  const used = new Set([...one.deck, ...two.deck]);
  return {
    schemaVersion: gameStateVersion,
    gameId,
    gameType,
    rules,
    cards: Object.fromEntries(parsed.data.cards.flatMap((card) => (used.has(card.id) ? [[card.id, card]] : []))),
    players: Object.fromEntries(seats),
    turnOrder: [seated[0].id, seated[1].id],
    currentPlayerId: seated[0].id,
    turnNumber: 0,
    phase: "setup",
    stadium: null,
    forcedActions: [],
    random,
    recordCount: 0,
    recentActions: [],
    turnDueAt: dueAfter(rules, serviceMs),
    drawOfferedBy: null,
    result: null,
  };
}

/** Cards are numbered in the order of their definitions, not of the deck list or the shuffled deck. */
function numberCards(deck: readonly string[], owner: number): readonly CardInstance[] {
  return [...deck].sort().map((definitionId, index) => ({ id: `${owner}-${index + 1}`, definitionId, owner }));
}

function newPlayer({ id, name }: { id: string; name: string }, deck: readonly CardInstance[]): PlayerState {
  return {
    id,
    name,
    deck,
    hand: [],
    prizes: [],
    discard: [],
    bench: [],
    active: null,
    flags: noTurnFlags,
    timeouts: 0,
  };
}

function invalid(issues: readonly string[]) {
  return new TurnkeepError("InvalidInput", `no card game can be made of this: ${issues[0] ?? ""}`, { issues });
}
