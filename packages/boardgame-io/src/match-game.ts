import { defineGame, type GameId, type JsonValue, type Outcome, playerIdsSchema } from "@turnkeep/core";
import * as z from "zod";
import type { Kind } from "./match-id.js";

/** What is kept of a match. The log stands beside it, entry by entry; the initial state is the log's entry 0. */
export interface MatchDocument {
  readonly schemaVersion: 1;
  readonly id: GameId;
  readonly kind: Kind;
  readonly matchId: string;
  /** As boardgame.io gave it; absent if it never did. */
  readonly metadata?: JsonValue;
  /** As boardgame.io gave it, `null` included; absent if it never did. */
  readonly state?: JsonValue;
  /** Entries of the log up to this state, so that both are read as of one moment. */
  readonly logCount: number;
}

/** What boardgame.io puts in is its own affair; that JSON can hold it is checked by the codec. */
const documentSchema = z.strictObject({
  schemaVersion: z.literal(1),
  id: z.string(),
  kind: z.enum(["match", "afterwards"]),
  matchId: z.string(),
  metadata: z.unknown().optional(),
  state: z.unknown().optional(),
  logCount: z.int().min(0),
}) as z.ZodType<MatchDocument>;

/** `gameover`: the metadata says so too, as boardgame.io's lists ask. */
export const endReasons = ["gameover", "over"] as const;

/** Every match of any boardgame.io game, as the manager sees it. */
export const matchGame = defineGame<MatchDocument>({
  name: "boardgame-io",
  schema: documentSchema,
  schemaVersion: 1,
  endReasons,
  gameTypes: ["match", "afterwards"],
  idOf: ({ id }) => id,
  turnOf: ({ state }) => wholeOr0(field(field(state, "ctx"), "turn")),
  resultOf: ({ state, metadata }) => {
    const gameover = field(field(state, "ctx"), "gameover");
    if (gameover === undefined) return null;
    return outcome(field(metadata, "gameover") === undefined ? "over" : "gameover", gameover);
  },
});

/** The winner's seat, if the game names it as boardgame.io's own examples do: `{ winner: "0" }`. */
function outcome(endReason: (typeof endReasons)[number], gameover: JsonValue): Outcome {
  const seats = playerIdsSchema.safeParse([field(gameover, "winner")]);
  const winnerIds = seats.success && !seats.data.some((seat) => seat.startsWith("npc:")) ? seats.data : [];
  return { endReason, winnerIds, winnerIsNpc: false };
}

/** A field of what may be an object; `undefined` where there is none. */
export function field(value: JsonValue | undefined, name: string): JsonValue | undefined {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

export function isObject(value: JsonValue | undefined): value is { readonly [key: string]: JsonValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function wholeOr0(value: JsonValue | undefined): number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value < 2 ** 31 ? value : 0;
}
