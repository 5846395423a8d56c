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
 * so that server and clients decide by the same rules.
 */
export interface Table {
  readonly cards: Readonly<Record<string, CardDefinition>>;
  readonly rules: GameState["rules"];
  readonly phase: GameState["phase"];
  readonly turnNumber: number;
  readonly turnDueAt: number | null;
  readonly isCurrentPlayer: boolean;
  /** The first thing that this player is forced to do. */
  readonly forced: ForcedAction | null;
  /** Another player is forced to do something first. */
  readonly waitsForOthers: boolean;
  /** The opponent has offered a draw. */
  readonly isOfferedDraw: boolean;
  readonly stadium: CardInstance | null;
  readonly hand: readonly CardInstance[];
  readonly deckCount: number;
  readonly discard: readonly CardInstance[];
  readonly active: CreatureInPlay | null;
  readonly bench: readonly CreatureInPlay[];
  readonly prizeCount: number;
  readonly flags: GameState["players"][string]["flags"];
  readonly opponent: OpposingSide;
}

/** What a player sees of the other side, as far as it matters. */
export interface OpposingSide {
  readonly active: CreatureInPlay | null;
  readonly bench: readonly CreatureInPlay[];
  readonly prizeCount: number;
}

/** @throws Forbidden for a caller who does not take part */
export function tableOfState(state: GameState, playerId: string): Table {
  const player = playerOf(state, playerId);
  const { active, bench, prizes } = playerOf(state, opponentOf(state, playerId));
  const opponent = { active, bench, prizeCount: prizes.length };
  const waitsForOthers = state.forcedActions.some((forced) => forced.playerId !== playerId);
  return tableOf(
    state,
    { ...player, deckCount: player.deck.length, prizeCount: player.prizes.length },
    opponent,
    waitsForOthers,
  );
}

/** `null` for a spectator's view. */
export function tableOfView(view: GameView): Table | null {
  if (view.viewerId === null) return null;
  const player = view.players[view.viewerId];
  const opponent = view.players[opponentOf(view, view.viewerId)];
  if (player === undefined || opponent === undefined || player.hand === null) return null;
  return tableOf(view, { ...player, hand: player.hand }, opponent, view.waitsForOthers);
}

type Own = Pick<Table, "hand" | "deckCount" | "discard" | "active" | "bench" | "prizeCount" | "flags"> & {
  readonly id: string;
};

function tableOf(game: GameState | GameView, own: Own, opponent: Table["opponent"], waitsForOthers: boolean): Table {
  return {
    cards: game.cards,
    rules: game.rules,
    phase: game.phase,
    turnNumber: game.turnNumber,
    turnDueAt: game.turnDueAt,
    isCurrentPlayer: game.currentPlayerId === own.id,
    forced: game.forcedActions.find((forced) => forced.playerId === own.id) ?? null,
    waitsForOthers,
    isOfferedDraw: game.drawOfferedBy !== null && game.drawOfferedBy !== own.id,
    stadium: game.stadium,
    hand: own.hand,
    deckCount: own.deckCount,
    discard: own.discard,
    active: own.active,
    bench: own.bench,
    prizeCount: own.prizeCount,
    flags: own.flags,
    opponent,
  };
}
