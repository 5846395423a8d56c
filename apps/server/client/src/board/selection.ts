import type { CardAction } from "@turnkeep/card-rules";
import type { GameView } from "@turnkeep/game-state";
import { useEffect, useState } from "preact/hooks";
import type { Move, Moves } from "./moves.js";

/** How a card can be used now. */
export type Use = "none" | "playable" | "selected" | "target";

export interface CardUse {
  readonly use: Use;
  readonly onUse: () => void;
}

export interface Selection {
  /** The card with which a move begins. */
  readonly card: string | null;
  /** Of a set-up the creatures, the active one first; of a discard the cards. */
  readonly picked: readonly string[];
  readonly useOf: (cardId: string) => CardUse;
  readonly cancel: () => void;
}

const unused: CardUse = { use: "none", onUse: () => {} };

/**
 * What is chosen on the table: a card, then its target; or some cards together. It is forgotten when the table changes
 * so that it makes no sense any more.
 */
export function useSelection(view: GameView, moves: Moves, onMove: (action: CardAction) => void): Selection {
  const [card, setCard] = useState<string | null>(null);
  const [picked, setPicked] = useState<readonly string[]>([]);
  const newest = view.recentActions.at(-1)?.seq ?? 0;
  useEffect(() => {
    setCard(null);
    setPicked([]);
  }, [newest, view.gameId]);

  const targets = new Map<string, Move>();
  for (const move of card === null ? [] : (moves.byCard.get(card) ?? [])) {
    if (move.target !== null) targets.set(move.target, move);
  }
  const toggle = (cardId: string, most: number) =>
    setPicked((before) => {
      if (before.includes(cardId)) return before.filter((other) => other !== cardId);
      return before.length < most ? [...before, cardId] : before;
    });
  const pickable = (cardId: string): CardUse | null => {
    const { choice } = moves;
    if (choice === null || (choice.kind === "setUp" && !choice.creatures.has(cardId))) return null;
    const most = choice.kind === "setUp" ? choice.benchSize + 1 : choice.count;
    return { use: picked.includes(cardId) ? "selected" : "playable", onUse: () => toggle(cardId, most) };
  };
  const inHand = new Set(view.viewerId === null ? [] : view.players[view.viewerId]?.hand?.map(({ id }) => id));

  return {
    card,
    picked,
    useOf: (cardId) => {
      const choice = inHand.has(cardId) ? pickable(cardId) : null;
      if (choice !== null) return choice;
      const decided = targets.get(cardId) ?? (card === null ? moves.direct.get(cardId) : undefined);
      if (decided !== undefined) return { use: "target", onUse: () => onMove(decided.action) };
      if (card === cardId) return { use: "selected", onUse: () => setCard(null) };
      if (moves.byCard.has(cardId)) return { use: "playable", onUse: () => setCard(cardId) };
      return unused;
    },
    cancel: () => {
      setCard(null);
      setPicked([]);
    },
  };
}
