import {
  type CardAction,
  cardRules,
  enforceTimeOut,
  logEntrySchema,
  newCardGame,
  playerActionSchema,
  type StarterDeck,
  starterDecks,
  withNpcAnswers,
} from "@turnkeep/card-rules";
import { cardGame, type GameState, gameViewSchema, viewRecord } from "@turnkeep/game-state";
import { invalidInput } from "../refusals.js";
import { beganAlike } from "./began-alike.js";
import { ownRulesSchema, parseOwnRules } from "./game-rules.js";
import { npcSeatOf } from "./npc-seats.js";
import { openView } from "./open-view.js";
import type { ServedGame } from "./served-game.js";

/** The card game, as this server offers it: with the starter decks. */
export const servedCardGame: ServedGame<GameState, CardAction> = {
  game: cardGame,
  rules: cardRules,
  newGame: ({ gameId, gameType, seed, serviceMs, rules, playerId, opponentId, ...request }) => {
    const npc = npcSeatOf(opponentId);
    const { deck = "kiln", opponentDeck = npc?.deck ?? "marsh" } = request;
    const { name = nameFrom(playerId), opponentName = npc?.name ?? nameFrom(opponentId) } = request;
    return newCardGame({
      gameId,
      gameType,
      seed,
      serviceMs,
      rules: parseOwnRules(rules),
      players: [
        { id: playerId, name, deck: deckOf("deck", deck) },
        { id: opponentId, name: opponentName, deck: deckOf("opponentDeck", opponentDeck) },
      ],
    });
  },
  beganAlike,
  withTimestamps: (action, timestamps) => ({ ...action, ...timestamps }),
  withNpcAnswers,
  timeOut: enforceTimeOut,
  concession: { type: "concede" },
  opensAfterEnd: ({ rules }) => rules.openAfterEnd,
  viewAfterEnd: openView,
  viewEntry: (logged, { viewerId, open }) => {
    const { turn, playerId, action, records = [] } = logEntrySchema.parse(logged);
    return { turn, playerId, action, records: records.map((one) => viewRecord(one, open ? one.playerId : viewerId)) };
  },
  described: { view: gameViewSchema, action: playerActionSchema, rules: ownRulesSchema },
};

function nameFrom(playerId: string): string {
  return `Player ${playerId.slice(0, 4)}`;
}

function deckOf(field: string, name: string): readonly string[] {
  if (Object.hasOwn(starterDecks, name)) return starterDecks[name as StarterDeck];
  throw invalidInput(`${field}: one of ${Object.keys(starterDecks).join(", ")}`);
}
