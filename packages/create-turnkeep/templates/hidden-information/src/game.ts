import { defineGame, TurnkeepError } from "@turnkeep/core";
import * as z from "zod";
import { deal } from "./deal.js";
import { logActions } from "./log-actions.js";

// Each round both choose a card in secret, and the higher one scores. After five rounds the higher score wins.
const facts = { schemaVersion: z.literal(1), id: z.uuid(), round: z.int(), players: z.array(z.string()).readonly() };
const hands = z.record(z.string(), z.array(z.int()).readonly()).readonly();
const numbers = z.record(z.string(), z.int()).readonly();
const schema = z.strictObject({ ...facts, hands, chosen: numbers, shown: numbers, scores: numbers });
type State = z.infer<typeof schema>;
export const seats = 2;
export function newGame(id: string, players: readonly string[], random?: () => number): State {
  const start = { round: 0, hands: deal(10, players, random), chosen: {}, shown: {}, scores: {} };
  return { schemaVersion: 1, id, players, ...start };
}
const best = (of: State["scores"]) => Object.keys(of).reduce((a, b) => ((of[a] ?? 0) > (of[b] ?? 0) ? a : b));
export const game = defineGame({
  ...{ name: "my-game", schema, schemaVersion: 1 },
  idOf: (state) => state.id,
  turnOf: (state) => state.round,
  playersOf: (state) => state.players,
  viewFor({ hands, chosen, ...open }, viewer) {
    const me = viewer === "spectator" ? "" : viewer.playerId;
    return { ...open, hand: hands[me] ?? [], chosen: chosen[me] ?? null }; // no other hand, no other choice
  },
  resultOf: ({ round, scores }) =>
    round < 5 ? null : { endReason: "score", winnerIds: [best(scores)], winnerIsNpc: false, scores },
});

export const rules = logActions(z.strictObject({ card: z.int() }), (state: State, player, { card }) => {
  const { [player]: hand = [], ...others } = state.hands;
  if (!hand.includes(card) || player in state.chosen)
    throw new TurnkeepError("IllegalAction", "not now", { reason: "card" });
  const [chosen, left] = [{ ...state.chosen, [player]: card }, hand.filter((one) => one !== card)];
  const next = { ...state, hands: { ...others, [player]: left }, chosen };
  if (Object.keys(chosen).length < state.players.length) return next;
  const scores = { ...state.scores, [best(chosen)]: (state.scores[best(chosen)] ?? 0) + 1 };
  return { ...next, round: state.round + 1, chosen: {}, shown: chosen, scores };
});
