import { defineGame, TurnkeepError } from "@turnkeep/core";
import * as z from "zod";
import { logActions } from "./log-actions.js";

// Two players take one to three stones in turn; the last stone wins.
const schema = z.strictObject({
  schemaVersion: z.literal(1),
  id: z.uuid(),
  turn: z.int(),
  players: z.array(z.string()).readonly(),
  stones: z.int().min(0),
});
type State = z.infer<typeof schema>;
const actionSchema = z.strictObject({ take: z.int().min(1).max(3) });

export const seats = 2;
export const newGame = (id: string, players: readonly string[]): State => {
  return { schemaVersion: 1, id, turn: 0, players, stones: 21 };
};

export const playerAt = ({ players }: State, turn: number) => players[turn % players.length] ?? "";

export const game = defineGame({
  name: "my-game",
  schema,
  schemaVersion: 1,
  idOf: (state) => state.id,
  turnOf: (state) => state.turn, // when it changes, the action is answered once Postgres has it
  playersOf: (state) => state.players,
  viewFor: (state) => state, // nothing is hidden
  resultOf(state) {
    if (state.stones > 0) return null;
    return { endReason: "last_stone", winnerIds: [playerAt(state, state.turn - 1)], winnerIsNpc: false };
  },
});

export const rules = logActions(actionSchema, (state: State, player, { take }) => {
  if (playerAt(state, state.turn) !== player) throw new TurnkeepError("NotYourTurn", "it is not your turn", {});
  return { ...state, turn: state.turn + 1, stones: Math.max(0, state.stones - take) };
});
