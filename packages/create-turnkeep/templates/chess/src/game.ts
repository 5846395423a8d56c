import { defineGame, TurnkeepError } from "@turnkeep/core";
import * as z from "zod";
import { logActions } from "./log-actions.js";
import { afterMove, firstPosition } from "./position.js";

// Chess; the first player has the white pieces.
const schema = z.strictObject({
  schemaVersion: z.literal(1),
  id: z.uuid(),
  players: z.array(z.string()).readonly(),
  moves: z.array(z.string()).readonly(),
  fen: z.string(),
  over: z.enum(["checkmate", "draw", "resignation"]).nullable(),
});
type State = z.infer<typeof schema>;
const actionSchema = z.union([z.strictObject({ move: z.string() }), z.strictObject({ resign: z.literal(true) })]);

export const seats = 2;
export const newGame = (id: string, players: readonly string[]): State => {
  return { schemaVersion: 1, id, players, ...firstPosition };
};

export const game = defineGame({
  ...{ name: "my-game", schema, schemaVersion: 1 },
  idOf: (state) => state.id,
  turnOf: (state) => state.moves.length,
  playersOf: (state) => state.players,
  viewFor: (state) => state, // nothing is hidden
  resultOf({ over, players, moves }) {
    const winnerIds = over === "draw" ? [] : players.filter((_, n) => n !== moves.length % 2);
    return over && { endReason: over, winnerIds, winnerIsNpc: false };
  },
});

export const rules = logActions(actionSchema, (state: State, player, action): State => {
  if (state.players[state.moves.length % 2] !== player) throw new TurnkeepError("NotYourTurn", "not your turn", {});
  const next = "resign" in action ? { over: "resignation" as const } : afterMove(state, action.move);
  if (next === null) throw new TurnkeepError("IllegalAction", "this move is not legal", { reason: "move" });
  return { ...state, ...next };
});
