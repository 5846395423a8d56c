import { defineGame, type JsonValue, type Outcome } from "@turnkeep/core";
import * as z from "zod";

const ledgerSchema = z.strictObject({
  schemaVersion: z.literal(1),
  gameId: z.string(),
  turn: z.int(),
  writes: z.array(z.string()),
  players: z.array(z.string()),
  ended: z.boolean(),
});

/** A state that is nothing but the ids of all writes it contains, in order: so one can tell exactly what was kept. */
export type Ledger = z.infer<typeof ledgerSchema>;

export const draw: Outcome = { winnerId: null, winnerIsNpc: false, endReason: "draw" };

export const ledgerGame = defineGame<Ledger>({
  name: "ledger",
  schema: ledgerSchema,
  schemaVersion: 1,
  idOf: (state) => state.gameId,
  turnOf: (state) => state.turn,
  resultOf: (state) => (state.ended ? draw : null),
  playersOf: (state) => state.players,
});

export const players = ["aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa", "bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb"];

export function newLedger(gameId: string): Ledger {
  return { schemaVersion: 1, gameId, turn: 1, writes: [], players, ended: false };
}

/** How a write is asked for. `turn` ends the turn, which makes it durable. */
export type Ask = "writeBehind" | "durable" | "turn";

/** Adds the write to the state and to the log. */
export function addWrite(state: Ledger, writeId: string, ask: Ask): { state: Ledger; log: JsonValue[] } {
  const turn = ask === "turn" ? state.turn + 1 : state.turn;
  return { state: { ...state, turn, writes: [...state.writes, writeId] }, log: [{ write: writeId }] };
}
