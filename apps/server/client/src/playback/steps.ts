import { conditionSchema, type GameView, type RecordView } from "@turnkeep/game-state";
import { recordText } from "../common/words.js";
import { happen, holderOf } from "./happen.js";

/** How a card moves while something happens, and what stands over it. */
export interface Mark {
  readonly kind: "acts" | "hurt" | "helped" | "comes" | "falls";
  readonly text: string;
}

/** An act with its consequences, and the table as it is shown meanwhile. */
export interface Step {
  readonly text: string;
  readonly view: GameView;
  readonly marks: ReadonlyMap<string, Mark>;
  readonly forMs: number;
}

/** They belong to what was done before them. */
const consequences: ReadonlySet<RecordView["type"]> = new Set([
  "coinFlip",
  "damage",
  "heal",
  "condition",
  "cure",
  "search",
  "recover",
  "discardEnergy",
  "leaveStadium",
  "takePrizes",
]);
const shortMs = 600;
const longMs = 1_400;

/** What happened between two views of a game, act by act; nothing where the later one does not go on from the other. */
export function stepsBetween(before: GameView, end: GameView): readonly Step[] {
  const seen = before.recentActions.at(-1)?.seq ?? 0;
  const acts: RecordView[][] = [];
  for (const record of end.recentActions) {
    if (record.seq <= seen) continue;
    const last = acts.at(-1);
    if (last === undefined && record.seq !== seen + 1) return [];
    if (last !== undefined && consequences.has(record.type)) last.push(record);
    else acts.push([record]);
  }
  let view: GameView = { ...before, cards: { ...before.cards, ...end.cards }, forcedActions: [], waitsForOthers: true };
  return acts.map((records, index) => {
    const after = records.reduce((table, record) => happen(table, record, end), view);
    const falls = records.some(({ type }) => type === "knockOut");
    // Who falls is still there while they fall.
    const shown = falls ? view : after;
    view = after;
    const known = end.recentActions.filter(({ seq }) => seq <= (records.at(-1)?.seq ?? 0));
    return {
      text: `${records.map((record) => recordText(end, record)).join(". ")}.`,
      view: index === acts.length - 1 && !falls ? end : { ...withHandOf(end, shown), recentActions: known },
      marks: together(records.flatMap((record) => marksOf(record, end))),
      forMs: falls || records.length > 1 ? longMs : shortMs,
    };
  });
}

/** The viewer knows their own hand already. */
function withHandOf(end: GameView, view: GameView): GameView {
  const own = view.players[end.viewerId ?? ""];
  if (own === undefined) return view;
  const hand = end.players[own.id]?.hand ?? null;
  return { ...view, players: { ...view.players, [own.id]: { ...own, hand } } };
}

/** What happens to one card more than once in a step. */
function together(marks: readonly (readonly [string, Mark])[]): ReadonlyMap<string, Mark> {
  const all = new Map<string, Mark>();
  for (const [id, { kind, text }] of marks) {
    all.set(id, { kind, text: [all.get(id)?.text, text].filter(Boolean).join(" ") });
  }
  return all;
}

function marksOf({ type, cards, amount }: RecordView, end: GameView): readonly (readonly [string, Mark])[] {
  const [card] = cards;
  const mark = (kind: Mark["kind"], text = "", id = card?.id): readonly (readonly [string, Mark])[] =>
    id === undefined ? [] : [[id, { kind, text }]];
  switch (type) {
    case "attack":
      return mark("acts");
    case "damage":
      return mark("hurt", `−${amount ?? 0}`);
    case "heal":
      return mark("helped", `+${amount ?? 0}`);
    case "condition":
      return mark("hurt", conditionSchema.options[amount ?? -1] ?? "");
    case "cure":
      return mark("helped");
    case "attachEnergy":
    case "attachTool":
      return mark("helped", "", holderOf(end, card)?.id);
    case "setUp":
      return cards.flatMap(({ id }) => mark("comes", "", id));
    case "playCreature":
    case "evolve":
    case "promote":
      return mark("comes");
    case "knockOut":
      return mark("falls");
    default:
      return [];
  }
}
