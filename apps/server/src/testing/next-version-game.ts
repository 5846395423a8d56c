import type { CardAction } from "@turnkeep/card-rules";
import { type GameState, gameStateSchema, gameStateVersion } from "@turnkeep/game-state";
import * as z from "zod";
import { servedCardGame } from "../games/served/served-card-game.js";
import type { ServedGame } from "../games/served/served-game.js";

const nextVersion = gameStateVersion + 1;
const { game } = servedCardGame;

/** A document of the next version is one of this version with a season. */
function isOfNextVersion(document: unknown): boolean {
  if (typeof document !== "object" || document === null || !("season" in document)) return false;
  const { season, ...rest } = document;
  if (!("schemaVersion" in rest) || rest.schemaVersion !== nextVersion) return false;
  return typeof season === "string" && gameStateSchema.safeParse({ ...rest, schemaVersion: gameStateVersion }).success;
}

const upgrade = (document: Record<string, unknown>) => ({ ...document, schemaVersion: nextVersion, season: "spring" });

/** The card game as a later release might have it: documents of this release are brought to its schema version. */
export const nextVersionGame: ServedGame<GameState, CardAction> = {
  ...servedCardGame,
  game: {
    ...game,
    schema: z.custom<GameState>(isOfNextVersion),
    schemaVersion: nextVersion,
    upcasters: { ...game.upcasters, [gameStateVersion]: upgrade },
  },
  newGame: (request) => upgrade({ ...servedCardGame.newGame(request) }) as unknown as GameState,
};
