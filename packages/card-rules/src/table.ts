import type {
  CardDefinition,
  CardInstance,
  CreatureInPlay,
  ForcedAction,
  GameState,
  GameView,
} from "@turnkeep/game-state";
import { opponentOf, playerOf } from "./players.js";

/**
 * What a player needs to know in order to tell what they may do. It is made of the state or of the player's own view,
 * so that server and clients judge by the same rules.
 */
export interface Table {
  readonly cards: Readonly<Record<string, CardDefinition>>;
  readonly rules: Pick<GameState["rules"], "benchSize">;
  readonly phase: GameState["phase"];
  readonly turnNumber: number;
  readonly isCurrentPlayer: boolean;
  /** The first thing that this player is forced to do. */
  readonly forced: ForcedAction | null;
  /** Somebody else is forced to do something first. */
  readonly waitsForOthers: boolean;
  readonly hand: readonly CardInstance[];
  readonly deckCount: number;
  readonly active: CreatureInPlay | null;
  readonly bench: readonly CreatureInPlay[];
  readonly flags: GameState["players"][string]["flags"];
  readonly opponentActive: CreatureInPlay | null;
}

export function tableOfState(state: GameState, playerId: string): Table {
  const player = playerOf(state, playerId);
  return {
    ...commonOf(state, playerId),
    waitsForOthers: state.forcedActions.some((forced) => forced.playerId !== playerId),
    hand: player.hand,
    deckCount: player.deck.length,
    active: player.active,
    bench: player.bench,
    flags: player.flags,
    opponentActive: playerOf(state, opponentOf(state, playerId)).active,
  };
}

/** `null` for a spectator's view. */
export function tableOfView(view: GameView): Table | null {
  if (view.viewerId === null) return null;
  const player = view.players[view.viewerId];
  const opponent = view.players[opponentOf(view, view.viewerId)];
  if (player === undefined || opponent === undefined || player.hand === null) return null;
  return {
    ...commonOf(view, view.viewerId),
    waitsForOthers: view.waitsForOthers,
    hand: player.hand,
    deckCount: player.deckCount,
    active: player.active,
    bench: player.bench,
    flags: player.flags,
    opponentActive: opponent.active,
  };
}

function commonOf(game: GameState | GameView, playerId: string) {
  return {
    cards: game.cards,
    rules: game.rules,
    phase: game.phase,
    turnNumber: game.turnNumber,
    isCurrentPlayer: game.currentPlayerId === playerId,
    forced: game.forcedActions.find((forced) => forced.playerId === playerId) ?? null,
  };
}
