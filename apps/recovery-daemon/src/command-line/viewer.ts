import type { Viewer } from "@turnkeep/core";

/** Who looks, as a flag names them: a player's id, or `spectator`. */
export const viewerNamed = (name: string): Viewer => (name === "spectator" ? "spectator" : { playerId: name });
