import { type DeepReadonly, defineGame, type JsonValue, type Outcome, type Viewer } from "@turnkeep/core";
import { seededRandom } from "@turnkeep/core/virtual-runtime";
import * as z from "zod";
import type { GameUnderTest } from "../game-under-test.js";

/*
 * The healthy sample game: two players with hidden hands play a card or draw one, in turn and in time; the higher sum of
 * what was played wins. Tests plant a fault in it.
 */

const card = z.string().regex(/^c\d\d$/);
export const showdownSchema = z.strictObject({
  schemaVersion: z.literal(2),
  id: z.string(),
  players: z.tuple([z.string(), z.string()]),
  turn: z.int(),
  turnEndsAt: z.int(),
  deck: z.array(card),
  hands: z.tuple([z.array(card), z.array(card)]),
  played: z.tuple([z.array(card), z.array(card)]),
});
export type Showdown = DeepReadonly<z.infer<typeof showdownSchema>>;
type Hands = Showdown["hands"];

export type ShowdownMove =
  | { readonly seat: number; readonly card: string }
  | { readonly seat: number; readonly draw: true };

export interface ShowdownView {
  readonly turn: number;
  readonly deckSize: number;
  readonly hand: readonly string[];
  readonly played: Showdown["played"];
}

const turnMs = 86_400_000;

export const seatOf = ({ turn }: Pick<Showdown, "turn">): number => turn % 2;
const withSeat = (hands: Hands, seat: number, cards: readonly string[]): Hands =>
  seat === 0 ? [cards, hands[1]] : [hands[0], cards];
const sum = (cards: readonly string[]) => cards.reduce((total, name) => total + Number(name.slice(1)), 0);

export function resultOf({ deck, hands, played, players }: Showdown): Outcome | null {
  if (deck.length > 0 || hands.some((hand) => hand.length > 0)) return null;
  const [one, other] = [sum(played[0]), sum(played[1])];
  const winnerIds = one === other ? [] : [one > other ? players[0] : players[1]];
  return { endReason: "showdown", winnerIds, winnerIsNpc: false };
}

export function viewFor(state: Showdown, viewer: Viewer): ShowdownView {
  const { turn, deck, hands, played, players } = state;
  const seat = viewer === "spectator" ? -1 : players.indexOf(viewer.playerId);
  return { turn, deckSize: deck.length, hand: hands[seat] ?? [], played };
}

/** Version 1 had no deadlines. */
const upcasters = { 1: (document: Record<string, unknown>) => ({ ...document, schemaVersion: 2, turnEndsAt: turnMs }) };

export const written: Parameters<typeof defineGame<Showdown, ShowdownView>>[0] = {
  name: "showdown",
  schema: showdownSchema,
  schemaVersion: 2,
  upcasters,
  endReasons: ["showdown"],
  idOf: ({ id }) => id,
  turnOf: ({ turn }) => turn,
  dueAt: ({ turnEndsAt }) => turnEndsAt,
  playersOf: ({ players }) => players,
  resultOf,
  viewFor,
};
export const showdown = defineGame(written);

function newGame(id: string, seed: number): Showdown {
  const random = seededRandom(seed);
  const names = Array.from({ length: 10 }, (_, n) => `c${String(n + 1).padStart(2, "0")}`);
  const deck = names
    .map((name) => ({ name, at: random() }))
    .sort((one, other) => one.at - other.at)
    .map(({ name }) => name);
  const hands: Hands = [deck.splice(0, 3), deck.splice(0, 3)];
  const players: Showdown["players"] = ["ann", "bob"];
  return { schemaVersion: 2, id, players, turn: 0, turnEndsAt: turnMs, deck, hands, played: [[], []] };
}

function legalMoves(state: Showdown): ShowdownMove[] {
  const seat = seatOf(state);
  const cards = (state.hands[seat] ?? []).map((name) => ({ seat, card: name }));
  const draw = state.deck.length > 0 ? [{ seat, draw: true as const }] : [];
  const moves = [...cards, ...draw];
  return moves.length > 0 || resultOf(state) !== null ? moves : [{ seat, card: "" }];
}

/** The next state; an empty card passes. */
export function apply(state: Showdown, move: ShowdownMove, turnEndsAt: number): Showdown {
  const seat = seatOf(state);
  if (move.seat !== seat) throw new Error("not your turn");
  const next = { ...state, turn: state.turn + 1, turnEndsAt };
  const hand = state.hands[seat] ?? [];
  if ("draw" in move) {
    const [top, ...deck] = state.deck;
    if (top === undefined) throw new Error("the deck is empty");
    return { ...next, deck, hands: withSeat(state.hands, seat, [...hand, top]) };
  }
  if (move.card === "") return next;
  const hands = withSeat(
    state.hands,
    seat,
    hand.filter((name) => name !== move.card),
  );
  const played = withSeat(state.played, seat, [...(state.played[seat] ?? []), move.card]);
  return { ...next, hands, played };
}

const play = (state: Showdown, move: ShowdownMove, serviceMs: number) => {
  const turnEndsAt = serviceMs + turnMs;
  return { state: apply(state, move, turnEndsAt), log: [{ ...move, turnEndsAt }] };
};

export const howToPlay: GameUnderTest<Showdown, ShowdownMove> = {
  newGame,
  legalMoves,
  play,
  onDue: (state, serviceMs) => play(state, legalMoves(state)[0] as ShowdownMove, serviceMs),
  replay: (state, entry) => {
    const { turnEndsAt, ...move } = entry as unknown as ShowdownMove & { turnEndsAt: number };
    return apply(state, move, turnEndsAt);
  },
  canaries: (state, viewer) => {
    const own = viewer === "spectator" ? -1 : state.players.indexOf(viewer.playerId);
    const hide = (cards: readonly string[]) => cards.map((_, n) => `c${90 + n}`);
    const [one, other] = state.hands;
    return { ...state, deck: hide(state.deck), hands: [own === 0 ? one : hide(one), own === 1 ? other : hide(other)] };
  },
  documents: {
    1: {
      schemaVersion: 1,
      id: "00000000-0000-4000-8000-000000000001",
      players: ["ann", "bob"],
      turn: 4,
      deck: ["c01"],
      hands: [["c02", "c03"], ["c04"]],
      played: [["c05"], ["c06", "c07"]],
    } satisfies Record<string, JsonValue>,
  },
};
