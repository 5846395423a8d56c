import { createHash } from "node:crypto";
import { type GameId, playerIdSchema } from "@turnkeep/core";

/*
 * boardgame.io names a match by any text (by default 11 letters of nanoid), and a client may bring one of its own. A game
 * id is a canonical UUID and stays one: the match's id is hashed into it (RFC 9562, version 5), so that every process
 * finds the game without asking, and two that create a match at once create one game. The text itself stands in the
 * document, and in the record beside it.
 */

/** The same in every deployment, and never changed: games are found by it. */
const namespace = Buffer.from("5b0c2f4ed0a14f0c9f6a6d2d0d6c7a11", "hex");

/**
 * `match`: the match while it is played, and its history. `afterwards`: its metadata once it is in history, where nothing
 * changes.
 */
export type Kind = "match" | "afterwards";

/** How many earlier matches of this id were wiped: a game that was deleted never comes back, so the next has its own. */
export type Generation = number;

export function gameIdOf(kind: Kind, matchId: string, generation: Generation): GameId {
  const hash = createHash("sha1").update(namespace).update(`${kind}:${generation}:${matchId}`).digest();
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = hash.toString("hex", 0, 16);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** Whether it can name a match: 1 to 122 printable characters. It comes from a client, so it may be anything. */
export function isMatchId(matchId: unknown): matchId is string {
  return typeof matchId === "string" && matchId !== "" && playerIdSchema.safeParse(labels.match(matchId)).success;
}

/**
 * A record is listed by the ids of its players. boardgame.io's players are seats ("0", "1"), which name nobody, so a
 * match's record has these labels in their place: so matches are listed by name, and found by their id.
 */
export const labels = {
  match: (matchId: string) => `match:${matchId}`,
  game: (gameName: string) => `game:${gameName}`,
  /** Every match that was created with a game's name. */
  named: "named",
  /** Every other match: one that began with a state or with metadata alone. */
  unnamed: "unnamed",
};

/** The labels of a new match. */
export function labelsOf(matchId: string, metadata: unknown): readonly string[] {
  const named = typeof metadata === "object" && metadata !== null && "gameName" in metadata ? metadata.gameName : null;
  const game = typeof named === "string" ? labels.game(named) : "";
  const isLabel = playerIdSchema.safeParse(game).success;
  return [labels.match(matchId), ...(isLabel ? [labels.named, game] : [labels.unnamed])];
}

/** The match that a record is about. */
export function matchIdOf(recordLabels: readonly string[]): string | null {
  const prefix = labels.match("");
  const label = recordLabels.find((one) => one.startsWith(prefix));
  return label === undefined ? null : label.slice(prefix.length);
}
