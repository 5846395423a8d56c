import { createCodec, isTurnkeepError } from "@turnkeep/core";
import { describe, expect, it } from "vitest";
import { cardGame } from "./card-game.js";
import { createGameState, type NewCardGame } from "./create-game-state.js";
import type { GameState } from "./game-state.js";
import { gameViewSchema } from "./game-view.js";
import { sampleGame, sampleIds, samplePlay } from "./testing/sample-game.js";

const codec = createCodec(cardGame, { maxStateBytes: 1_000_000 });
const { one, two } = sampleIds;

function codeOf(run: () => unknown): string {
  try {
    run();
    return "none";
  } catch (error) {
    return isTurnkeepError(error) ? error.code : "foreign";
  }
}

describe("createGameState", () => {
  it("gives the same bytes for the same seed, and others for another", () => {
    const text = codec.encodeState(createGameState(sampleGame())).text;
    expect(codec.encodeState(createGameState(sampleGame())).text).toBe(text);
    expect(codec.encodeState(createGameState(sampleGame({ seed: "another" }))).text).not.toBe(text);
  });

  it("gives a state that its schema accepts, with every card of both decks once", () => {
    const state = createGameState(sampleGame());
    codec.validate(state);
    const decks = Object.values(state.players).map(({ deck }) => deck.map(({ definitionId }) => definitionId).sort());
    expect(decks).toEqual([one, two].map(() => [...(sampleGame().players[0].deck ?? [])].sort()));
  });

  it("seats either player first, by the seed", () => {
    const first = new Set(
      Array.from({ length: 20 }, (_, seed) => createGameState(sampleGame({ seed: `${seed}` })).turnOrder[0]),
    );
    expect(first).toEqual(new Set([one, two]));
  });

  const [human, other] = sampleGame().players;
  it.each<[string, Partial<NewCardGame>, string]>([
    ["an id that is no UUID", { gameId: "game" }, "InvalidGameId"],
    ["an id in capitals", { gameId: sampleGame().gameId.toUpperCase() }, "InvalidGameId"],
    ["the same player twice", { players: [human, human] }, "InvalidInput"],
    ["a player who is neither user nor NPC", { players: [human, { ...other, id: "bob" }] }, "InvalidInput"],
    [
      "two NPCs",
      {
        players: [
          { ...human, id: "npc:a" },
          { ...other, id: "npc:b" },
        ],
      },
      "InvalidInput",
    ],
    ["a short deck", { players: [human, { ...other, deck: other.deck.slice(1) }] }, "InvalidInput"],
    ["an unknown card", { players: [human, { ...other, deck: other.deck.map(() => "nothing") }] }, "InvalidInput"],
    ["rules out of bounds", { rules: { deckSize: 1 } }, "InvalidInput"],
    ["no seed", { seed: "" }, "InvalidInput"],
  ])("refuses %s", (_, change, code) => {
    expect(codeOf(() => createGameState(sampleGame(change)))).toBe(code);
  });

  it("takes a human against an NPC, and rules that are undefined as not given", () => {
    const state = createGameState(
      sampleGame({ players: [human, { ...other, id: "npc:warden" }], rules: { deckSize: 10, turnTimeMs: undefined } }),
    );
    codec.validate(state);
    expect(state.rules.turnTimeMs).toBe(90_000);
  });
});

describe("the schema", () => {
  const broken: [string, (state: GameState) => object][] = [
    ["an unknown field", (state) => ({ ...state, more: 1 })],
    ["a player under a wrong id", (state) => ({ ...state, players: { ...state.players, [one]: state.players[two] } })],
    ["a turn order with one player", (state) => ({ ...state, turnOrder: [one, one] })],
    ["a stranger as current player", (state) => ({ ...state, currentPlayerId: "npc:stranger" })],
    ["an end without result", (state) => ({ ...state, phase: "ended" })],
    ["a result without end", (state) => ({ ...state, result: { winnerId: one, reason: "conceded" } })],
    [
      "a stranger as winner",
      (state) => ({ ...state, phase: "ended", result: { winnerId: "npc:stranger", reason: "conceded" } }),
    ],
    ["an unknown reason", (state) => ({ ...state, phase: "ended", result: { winnerId: one, reason: "bored" } })],
    ["cards without definitions", (state) => ({ ...state, cards: {} })],
    ["a card in two places", (state) => ({ ...state, stadium: state.players[one]?.deck[0] })],
    [
      "a forced action of a stranger",
      (state) => ({ ...state, forcedActions: [{ type: "promote", playerId: "npc:x" }] }),
    ],
  ];
  it.each(broken)("refuses %s", (_, damage) => {
    const state = createGameState(sampleGame());
    const damaged = damage(state) as GameState;
    expect(codeOf(() => codec.validate(damaged))).toBe("InvalidState");
    expect(codeOf(() => codec.decodeState(JSON.stringify(damaged)))).toBe("InvalidState");
  });
});

describe("views", () => {
  it.each([
    ["the opponent", { playerId: two }],
    ["a spectator", "spectator" as const],
    ["a stranger", { playerId: "npc:stranger" }],
  ])("of %s never hold hidden cards, forced actions of others, or random numbers", (_, viewer) => {
    const state = samplePlay();
    const text = JSON.stringify(cardGame.viewFor(state, viewer));
    expect(JSON.stringify(state)).toContain("canary");
    expect(text).not.toContain("canary");
    expect(text).not.toMatch(/words|random|visibleTo/);
    expect(JSON.parse(text)).toMatchObject({ forcedActions: [], waitsForOthers: true });
  });

  it("of the player themself hold their hand, and neither deck nor prizes", () => {
    const view = cardGame.viewFor(samplePlay(), { playerId: one });
    const text = JSON.stringify(view);
    expect(text).toContain("canary-hand");
    expect(text).toContain("canary-drawn");
    expect(text).not.toMatch(/canary-(deck|prize)/);
    expect(view.forcedActions).toHaveLength(1);
    expect(view.waitsForOthers).toBe(false);
    expect(view.players[one]).toMatchObject({ deckCount: 7, handCount: 1, prizeCount: 1 });
  });

  it("count the cards that they may not name", () => {
    const view = cardGame.viewFor(samplePlay(), "spectator");
    expect(view.recentActions).toMatchObject([{ type: "draw", cards: [], cardCount: 1 }]);
    expect(view.players[one]).toMatchObject({ hand: null, deckCount: 7, handCount: 1, prizeCount: 1 });
  });

  it("fit their schema", () => {
    for (const viewer of ["spectator", { playerId: one }, { playerId: two }] as const) {
      expect(gameViewSchema.parse(cardGame.viewFor(samplePlay(), viewer))).toBeDefined();
    }
  });
});

describe("the definition", () => {
  it("reads id, turn, players and rules", () => {
    const state = createGameState(sampleGame());
    expect(cardGame.idOf(state)).toBe(sampleGame().gameId);
    expect(cardGame.turnOf(state)).toBe(0);
    expect([...cardGame.playersOf(state)].sort()).toEqual([one, two].sort());
    expect(cardGame.rulesOf(state)).toBe(state.rules);
    expect(cardGame.resultOf(state)).toBeNull();
  });
});
