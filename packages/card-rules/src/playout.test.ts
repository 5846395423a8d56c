import { allCards, cardGame, createCodec, type GameState } from "@turnkeep/game-state";
import { describe, expect, it } from "vitest";
import { cardRules, replayLog } from "./card-rules.js";
import { chooseAction, chooseActionFromView } from "./choose-action.js";
import { playOut, randomChooser, testGame } from "./testing/playout.js";

const codec = createCodec(cardGame, { maxStateBytes: 1_000_000 });
const seeds = (count: number) => Array.from({ length: count }, (_, index) => `seed-${index}`);
const cardIds = (state: GameState) =>
  allCards(state)
    .map(({ id, definitionId, owner }) => `${id} ${definitionId} ${owner}`)
    .sort();

describe("games of random legal actions", () => {
  it("always end, and in every way that play can end", () => {
    const reasons = new Map<string, number>();
    for (const seed of seeds(200)) {
      const rules = seed.endsWith("7") ? { turnLimit: 12 } : {};
      const { final } = playOut(testGame({ seed, rules }), randomChooser(seed));
      const reason = final.result?.reason ?? "none";
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
    expect([...reasons.keys()]).toEqual(
      expect.arrayContaining(["prizesTaken", "noCreaturesLeft", "deckEmpty", "turnLimitReached"]),
    );
    expect(reasons.has("none")).toBe(false);
  });

  it("keep every card, a sound state and frozen parts, after each step", () => {
    for (const seed of seeds(12)) {
      const initial = testGame({ seed });
      const cards = cardIds(initial);
      playOut(initial, randomChooser(seed), ({ before, after }) => {
        codec.validate(after);
        expect(cardIds(after)).toEqual(cards);
        expect(after.turnNumber - before.turnNumber).toBeGreaterThanOrEqual(0);
        expect(after.turnNumber - before.turnNumber).toBeLessThanOrEqual(1);
      });
    }
  });

  it("give the same bytes from the same seed and actions, and from a replay of the log", () => {
    for (const seed of seeds(25)) {
      const played = playOut(testGame({ seed }), randomChooser(seed));
      const bytes = codec.encodeState(played.final).text;
      expect(codec.encodeState(playOut(testGame({ seed }), randomChooser(seed)).final).text).toBe(bytes);

      const stored = codec.decodeState(codec.encodeState(played.initial).text);
      const log = played.log.map((entry) => codec.decodeEntry(codec.encodeEntry(entry)));
      expect(codec.encodeState(replayLog(stored, log)).text).toBe(bytes);
    }
  });

  it("replay alike when the state went through the store after every action", () => {
    const initial = testGame();
    const played = playOut(initial, randomChooser("stored"));
    const final = played.log.reduce<GameState>(
      (state, entry) => codec.decodeState(codec.encodeState(cardRules.replay(state, entry)).text),
      initial,
    );
    expect(codec.encodeState(final).text).toBe(codec.encodeState(played.final).text);
  });

  it("never show an opponent or a spectator a card of a hidden zone, nor in what has happened", () => {
    const initial = testGame({ seed: "hidden" });
    playOut(initial, randomChooser("hidden"), ({ after }) => {
      for (const viewerId of [...after.turnOrder, "spectator"]) {
        const viewer = viewerId === "spectator" ? ("spectator" as const) : { playerId: viewerId };
        const text = JSON.stringify(cardGame.viewFor(after, viewer));
        const open = after.recentActions.filter(
          ({ visibleTo, playerId }) => visibleTo === "all" || playerId === viewerId,
        );
        const shown = new Set(open.flatMap(({ cards }) => cards.map(({ id }) => id)));
        for (const player of Object.values(after.players)) {
          const hand = player.id === viewerId ? [] : player.hand;
          const hidden = [...player.deck, ...player.prizes, ...hand].map(({ id }) => id);
          for (const id of hidden.filter((card) => !shown.has(card))) expect(text).not.toContain(`"${id}"`);
        }
      }
    });
  });
});

describe("the simple player", () => {
  it("ends its games well before the turn limit, mostly by prizes", () => {
    const finals = seeds(60).map((seed) => playOut(testGame({ seed }), chooseAction).final);
    const byPrizes = finals.filter(({ result }) => result?.reason === "prizesTaken");
    expect(byPrizes.length).toBeGreaterThan(30);
    for (const { turnNumber } of finals) expect(turnNumber).toBeLessThan(100);
  });

  it("says nothing while it is not its move, and after the end", () => {
    const state = testGame();
    const [first, second] = state.turnOrder;
    expect(chooseAction(state, first)).toMatchObject({ type: "setUp" });
    expect(chooseAction(state, second)).toBeNull();
    expect(chooseActionFromView(cardGame.viewFor(state, "spectator"))).toBeNull();
    const ended = cardRules.apply(state, first, { type: "concede" }).state;
    expect(chooseAction(ended, first)).toBeNull();
  });
});
