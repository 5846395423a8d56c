import { type CardAction, cardRules, newCardGame, starterDecks, withNpcAnswers } from "@turnkeep/card-rules";
import { creaturesOf, type GameState, viewFor } from "@turnkeep/game-state";
import { expect, test } from "vitest";
import { movesOf } from "../../client/src/board/moves.js";
import { onlyMove } from "../../client/src/playback/only-move.js";
import { stepsBetween } from "../../client/src/playback/steps.js";
import { servedCardGame } from "../games/served/served-card-game.js";
import type { ServedGame } from "../games/served/served-game.js";
import { takeSeat } from "../testing/page-player.js";
import { pageTests } from "../testing/page-tests.js";

const ada = "00000000-0000-4000-8000-00000000000a";
const npc = "npc:marsh-warden";
const noTime = { at: 0, serviceMs: 0 };

/** Games against the machine, in which the player attacks when they can, move by move. */
function* movesAgainstNpc(gameId: string, playerId: string, npcId: string, seed: string) {
  const players = [
    { id: playerId, name: "Ada", deck: starterDecks.kiln },
    { id: npcId, name: "The Marsh Warden", deck: starterDecks.marsh },
  ] as const;
  const dealt = newCardGame({ gameId, gameType: "campaign", seed, rules: {}, players });
  let { state } = withNpcAnswers({ state: dealt, log: [] }, noTime);
  while (state.phase !== "ended") {
    const action = chosen(state, playerId);
    const after = withNpcAnswers(cardRules.apply(state, playerId, action), noTime).state;
    yield { before: state, action, after };
    state = after;
  }
}

function chosen(state: GameState, playerId: string): CardAction {
  const moves = movesOf(viewFor(state, { playerId }));
  const own = state.players[playerId];
  if (moves.choice?.kind === "setUp") return { type: "setUp", active: [...moves.choice.creatures][0] ?? "", bench: [] };
  if (moves.choice?.kind === "discard") {
    return { type: "discard", cardIds: own?.hand.slice(0, moves.choice.count).map(({ id }) => id) ?? [] };
  }
  const all = [...moves.direct.values(), ...[...moves.byCard.values()].flat(), ...moves.plain];
  const plays = all.filter(({ action }) => !["retreat", "offerDraw", "acceptDraw"].includes(action.type));
  return (plays.find(({ action }) => action.type === "attack") ?? plays[0])?.action ?? { type: "concede" };
}

const gameId = "00000000-0000-4000-8000-000000000000";
const games = ["one", "two", "three"].flatMap((seed) => [...movesAgainstNpc(gameId, ada, npc, seed)]);

test("what the machine does is shown act by act, from the table before to the table after", () => {
  let acts = 0;
  for (const { before, after } of games) {
    const [start, end] = [viewFor(before, { playerId: ada }), viewFor(after, { playerId: ada })];
    const steps = stepsBetween(start, end);
    acts = Math.max(acts, steps.length);
    for (const { view } of steps) {
      const cards = Object.values(view.players).flatMap(creaturesOf);
      expect(new Set(cards.map(({ id }) => id)).size).toBe(cards.length);
      for (const { definitionId } of cards) expect(view.cards).toHaveProperty(definitionId);
    }
    const words = steps.map(({ text }) => text).join(" ");
    const fresh = end.recentActions.filter(({ seq }) => seq > before.recordCount);
    if (fresh.length < end.recentActions.length) expect(words.split(". ").length).toBeGreaterThanOrEqual(steps.length);
    if (fresh.some(({ type }) => type === "attack")) expect(words).toMatch(/attacks? with/);
  }
  expect(acts).toBeGreaterThan(4);
});

test("the acts lead to the game as it is, and who is knocked out is there until then", () => {
  for (const { before, after } of games) {
    const end = viewFor(after, { playerId: ada });
    const last = stepsBetween(viewFor(before, { playerId: ada }), end).at(-1);
    if (last === undefined) continue;
    const falling = [...last.marks].filter(([, { kind }]) => kind === "falls").map(([id]) => id);
    if (falling.length === 0) expect(last.view).toBe(end);
    const there = Object.values(last.view.players).flatMap(creaturesOf);
    expect(there.map(({ id }) => id)).toEqual(expect.arrayContaining(falling));
    expect(stepsBetween(end, end)).toEqual([]);
  }
});

test("where something in between is not known, nothing is made up", () => {
  const { before, after } = games.at(-1) ?? {};
  if (before === undefined || after === undefined) throw new Error("no game was played");
  const end = viewFor(after, { playerId: ada });
  const start = { ...viewFor(before, { playerId: ada }), recentActions: [] };
  expect(end.recentActions[0]?.seq).toBeGreaterThan(1);
  expect(stepsBetween(start, end)).toEqual([]);
});

test("who has no choice draws and sends their last creature forward; who has one is asked", () => {
  const seen = new Set<string>();
  for (const { before } of games) {
    const view = viewFor(before, { playerId: ada });
    const move = onlyMove(view, movesOf(view));
    if (move !== null) seen.add(move.type);
    if (view.phase === "draw") expect(move).toEqual({ type: "draw" });
    if (view.phase === "main" && view.forcedActions.length === 0) expect(move).toBeNull();
    if (view.phase !== "draw") continue;
    const players = { ...view.players, [ada]: { ...view.players[ada], deckCount: 0 } } as typeof view.players;
    expect(onlyMove({ ...view, players }, movesOf({ ...view, players }))).toBeNull();
  }
  expect(seen).toContain("draw");
});

/** Dealt so that the player's first move of the turn is answered by an attack of the machine. */
const attackingGame: ServedGame<GameState, CardAction> = {
  ...servedCardGame,
  newGame: (request) => {
    for (let seed = 0; ; seed += 1) {
      for (const { before, action, after } of movesAgainstNpc(
        request.gameId,
        request.playerId,
        request.opponentId,
        `attack ${seed}`,
      )) {
        const fresh = after.recentActions.filter(({ seq }) => seq > before.recordCount);
        const attacks = fresh.some(({ type, playerId }) => type === "attack" && playerId !== request.playerId);
        if (action.type === "endTurn" && attacks && after.phase === "draw") return before;
      }
    }
  },
};
const on = pageTests({ served: attackingGame });

/** In the page: the first creature of the player's that is seen to be hurt, as it looks then. */
const firstHit = `new Promise((resolve) => {
  const look = () => {
    const creature = document.querySelector(".side.near .mark-hurt:has(.float)");
    if (creature === null) return requestAnimationFrame(look);
    resolve({ text: creature.querySelector(".float").textContent, motion: getComputedStyle(creature).animationName });
  };
  look();
})`;

for (const reducedMotion of ["no-preference", "reduce"] as const) {
  test(`the machine's attack is seen before the player is asked, and may be skipped; motion: ${reducedMotion}`, async () => {
    const { page, complaints } = await on.open({ reducedMotion });
    await takeSeat(page, "Ada");
    await page.getByRole("button", { name: "Play against the machine" }).click();
    await page.locator("[data-move=endTurn]:enabled").click();
    const { text, motion } = await page.evaluate<{ readonly text: string; readonly motion: string }>(firstHit);
    expect(text).toMatch(/^−\d+/);
    expect(motion).toBe(reducedMotion === "reduce" ? "none" : "shake");
    // It comes to the player's own turn by itself, and the card is drawn for them.
    await page.locator("[data-move=endTurn]:enabled").waitFor();
    expect(await page.locator("[data-move=draw]").count()).toBe(0);
    await page
      .locator(".story li", { hasText: /^\d+ ?You draw/ })
      .first()
      .waitFor();

    await page.goto(`${on.server.address}/#/`);
    await page.getByRole("button", { name: "Play against the machine" }).click();
    await page.locator("[data-move=endTurn]:enabled").click();
    await page.getByRole("button", { name: "Skip" }).click();
    await page
      .locator(".story li", { hasText: /attacks with/ })
      .first()
      .waitFor();
    await page.getByRole("button", { name: "Skip" }).waitFor({ state: "detached" });
    expect(complaints).toEqual([]);
  });
}
