import {
  type DeepReadonly,
  defineGame,
  type JsonValue,
  type Outcome,
  systemRuntime,
  type Viewer,
} from "@turnkeep/core";
import * as z from "zod";

/**
 * A state that is a list of moves, with a hidden word for each player: a test reads off it exactly which writes were
 * kept, and in which order.
 */
export const counterSchema = z.strictObject({
  schemaVersion: z.literal(1),
  gameId: z.string(),
  turn: z.int(),
  moves: z.array(z.string()),
  players: z.array(z.string()),
  secrets: z.record(z.string(), z.string()),
  rules: z.record(z.string(), z.number()),
  /** When the turn is over, in service time. */
  due: z.int().optional(),
  result: z.strictObject({ winnerId: z.string().nullable(), winnerIsNpc: z.boolean(), reason: z.string() }).nullable(),
});
export type Counter = DeepReadonly<z.infer<typeof counterSchema>>;

export interface CounterView {
  readonly turn: number;
  readonly moves: readonly string[];
  readonly secret: string | null;
}

export const counterGame = defineGame<Counter, CounterView>({
  name: "counter",
  schema: counterSchema,
  schemaVersion: 1,
  idOf: (state) => state.gameId,
  turnOf: (state) => state.turn,
  dueAt: ({ due }) => due ?? null,
  resultOf: ({ result }) => (result === null ? null : outcomeOf(result)),
  rulesOf: (state) => state.rules,
  playersOf: (state) => state.players,
  viewFor: (state, viewer: Viewer) => ({
    turn: state.turn,
    moves: state.moves,
    secret: viewer === "spectator" ? null : (state.secrets[viewer.playerId] ?? null),
  }),
});

function outcomeOf({ winnerId, winnerIsNpc, reason }: NonNullable<Counter["result"]>): Outcome {
  return { endReason: reason, winnerIds: winnerId === null ? [] : [winnerId], winnerIsNpc };
}

export const alice = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa";
export const bob = "bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb";

export function newCounter(gameId: string = systemRuntime.randomId(), fields: Partial<Counter> = {}): Counter {
  return {
    schemaVersion: 1,
    gameId,
    turn: 1,
    moves: [],
    players: [alice, bob],
    secrets: { [alice]: "word-of-alice", [bob]: "word-of-bob" },
    rules: { pace: 3 },
    result: null,
    ...fields,
  };
}

/** Adds a move, and logs it. */
export function move(name: string) {
  return (state: Counter): { state: Counter; log: JsonValue[] } => ({
    state: { ...state, moves: [...state.moves, name] },
    log: [{ move: name }],
  });
}

export function nextTurn(state: Counter): Counter {
  return { ...state, turn: state.turn + 1 };
}

/** Alice wins. */
export function win(state: Counter): Counter {
  return { ...state, result: { winnerId: alice, winnerIsNpc: false, reason: "prizes" } };
}

export const draw: Outcome = { endReason: "draw", winnerIds: [], winnerIsNpc: false };
export const facts = { gameType: "ranked", playerIds: [alice, bob] } as const;
