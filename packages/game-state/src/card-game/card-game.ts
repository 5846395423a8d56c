import { defineGame } from "@turnkeep/core";
import { endReasonSchema, toOutcome } from "./game-result.js";
import { type GameState, gameStateVersion } from "./game-state.js";
import { gameStateSchema } from "./game-state-schema.js";
import type { GameView } from "./game-view.js";
import type { CardGameType } from "./parts/game-type.js";
import { upcasters } from "./upcasters.js";
import { viewFor } from "./view-for.js";

/** The card game, as the manager takes it. */
export const cardGame = defineGame<GameState, GameView>({
  name: "card-game",
  schema: gameStateSchema,
  schemaVersion: gameStateVersion,
  endReasons: endReasonSchema.options,
  gameTypes: ["freeplay", "campaign", "ranked"] satisfies readonly CardGameType[],
  upcasters,
  idOf: (state) => state.gameId,
  turnOf: (state) => state.turnNumber,
  resultOf: (state) => (state.result === null ? null : toOutcome(state.result)),
  dueAt: (state) => state.turnDueAt,
  rulesOf: (state) => state.rules,
  playersOf: (state) => state.turnOrder,
  viewFor,
});
