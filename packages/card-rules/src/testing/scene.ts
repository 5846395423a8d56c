import {
  type CardInstance,
  type CreatureInPlay,
  type GameState,
  noTurnFlags,
  type PlayerState,
  TurnkeepError,
} from "@turnkeep/game-state";
import type { CardAction } from "../card-action.js";
import { cardRules } from "../card-rules.js";
import { cardCatalogue } from "../cards/catalogue.js";
import { testGame } from "./playout.js";

/** One side of a scene: names of definitions; everything that is not named is empty, prizes and deck are three each. */
export interface Side {
  readonly hand?: readonly string[];
  readonly active?: string | null;
  readonly bench?: readonly string[];
  readonly deck?: readonly string[];
  readonly prizes?: readonly string[];
  /** Energies on the active creature. */
  readonly energy?: readonly string[];
  readonly change?: Partial<CreatureInPlay>;
}

export interface Scene {
  readonly state: GameState;
  /** The player whose turn it is, and the other. */
  readonly me: string;
  readonly you: string;
}

const filler = ["stone-energy", "stone-energy", "stone-energy"];

/** A game in the middle of the third turn, laid out as asked. Cards are named `<seat>-<zone>-<index>`. */
export function scene(mine: Side, yours: Side = {}, change: Partial<GameState> = {}): Scene {
  const dealt = testGame();
  const [me, you] = dealt.turnOrder;
  const players = { [me]: layOut(dealt, me, 0, mine), [you]: layOut(dealt, you, 1, yours) };
  return {
    state: {
      ...dealt,
      cards: Object.fromEntries(cardCatalogue.map((card) => [card.id, card])),
      players,
      phase: "main",
      turnNumber: 3,
      currentPlayerId: me,
      forcedActions: [],
      recordCount: 0,
      recentActions: [],
      ...change,
    },
    me,
    you,
  };
}

function layOut(dealt: GameState, playerId: string, seat: number, side: Side): PlayerState {
  const player = dealt.players[playerId];
  if (player === undefined) throw new Error("the test game has no such player");
  const zone = (name: string, definitions: readonly string[]): readonly CardInstance[] =>
    definitions.map((definitionId, index) => ({ id: `${seat}-${name}-${index}`, definitionId, owner: seat }));
  const creature = (card: CardInstance): CreatureInPlay => ({
    ...card,
    damage: 0,
    energy: [],
    tools: [],
    conditions: [],
    under: [],
    enteredOnTurn: 1,
  });
  const [active] = zone("active", side.active === null ? [] : [side.active ?? "ashpaw"]);
  return {
    ...player,
    hand: zone("hand", side.hand ?? []),
    deck: zone("deck", side.deck ?? filler),
    prizes: zone("prize", side.prizes ?? filler),
    discard: [],
    bench: zone("bench", side.bench ?? []).map(creature),
    active:
      active === undefined ? null : { ...creature(active), energy: zone("energy", side.energy ?? []), ...side.change },
    flags: noTurnFlags,
  };
}

export const act = (state: GameState, playerId: string, action: CardAction): GameState =>
  cardRules.apply(state, playerId, action).state;

/** The error's code, with its reason where the rules name one; `accepted` if there is no error. */
export function refusalOf(state: GameState, playerId: string, action: CardAction): string {
  try {
    act(state, playerId, action);
    return "accepted";
  } catch (error) {
    if (!(error instanceof TurnkeepError)) throw error;
    return "reason" in error.details ? `${error.code} ${error.details.reason}` : error.code;
  }
}

export function side(state: GameState, playerId: string): PlayerState {
  const player = state.players[playerId];
  if (player === undefined) throw new Error("no such player");
  return player;
}
