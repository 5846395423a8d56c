import { type DeepReadonly, defineGame, type Outcome } from "@turnkeep/core";
import * as z from "zod";

const endReasons = [
  "checkmate",
  "stalemate",
  "repetition",
  "fifty_moves",
  "insufficient_material",
  "agreement",
  "resigned",
  "time",
] as const;
const offerSchema = z.enum(["takeback", "draw"]);

export const actionSchema = z.union([
  z.strictObject({ move: z.string() }),
  z.strictObject({ offer: offerSchema }),
  z.strictObject({ accept: offerSchema }),
  z.strictObject({ decline: offerSchema }),
  z.strictObject({ resign: z.literal(true) }),
  z.strictObject({ timeOver: z.literal(true) }),
]);
export type Action = z.infer<typeof actionSchema>;

/** What a player did, and at which service time: the log is the game's replay. */
const logEntrySchema = z.strictObject({ player: z.string(), action: actionSchema, atMs: z.int().min(0) });
export type LogEntry = z.infer<typeof logEntrySchema>;

/**
 * The first player has the white pieces. `leftMs` is what each has left, without the turn under way: that began at
 * `turnBeganMs`, which is `null` until the first move. `turn` goes up with each move and each takeback.
 */
const schema = z.strictObject({
  schemaVersion: z.literal(1),
  id: z.uuid(),
  turn: z.int().min(0),
  players: z.tuple([z.string(), z.string()]),
  moves: z.array(z.string()),
  fen: z.string(),
  leftMs: z.tuple([z.int(), z.int()]),
  turnBeganMs: z.int().min(0).nullable(),
  offer: z.strictObject({ what: offerSchema, by: z.string() }).nullable(),
  over: z.strictObject({ reason: z.enum(endReasons), winner: z.string().nullable() }).nullable(),
});
export type ChessGame = DeepReadonly<z.infer<typeof schema>>;

export const chess = defineGame({
  name: "chess",
  schema,
  schemaVersion: 1,
  logEntry: logEntrySchema,
  idOf: ({ id }) => id,
  turnOf: ({ turn }) => turn,
  playersOf: ({ players }) => players,
  endReasons,
  dueAt: ({ over, turnBeganMs, leftMs, moves }) =>
    over !== null || turnBeganMs === null ? null : turnBeganMs + leftMs[seatToMove(moves)],
  resultOf: ({ over }): Outcome | null =>
    over && { endReason: over.reason, winnerIds: over.winner === null ? [] : [over.winner], winnerIsNpc: false },
  viewFor: (state) => state, // nothing is hidden
});

export const seatToMove = (moves: readonly string[]): 0 | 1 => (moves.length % 2 === 0 ? 0 : 1);
