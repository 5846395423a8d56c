import { actorOf, cardRules, chooseActionFromView, newCardGame, starterDecks } from "@turnkeep/card-rules";
import { type GameState, viewFor } from "@turnkeep/game-state";
import { expect, test } from "vitest";
import { moverOf } from "../../client/src/board/moves.js";

const ada = "00000000-0000-4000-8000-00000000000a";
const bo = "00000000-0000-4000-8000-00000000000b";

/** Every state of one game, played by the simple player on both sides. */
function* statesOf(seed: string): Generator<GameState> {
  const players = [
    { id: ada, name: "Ada", deck: starterDecks.kiln },
    { id: bo, name: "Bo", deck: starterDecks.marsh },
  ] as const;
  const gameId = "00000000-0000-4000-8000-000000000000";
  let state = newCardGame({ gameId, gameType: "freeplay", seed, rules: {}, players });
  for (;;) {
    yield state;
    const playerId = actorOf(state);
    const action = playerId === null ? null : chooseActionFromView(viewFor(state, { playerId }));
    if (playerId === null || action === null) return;
    state = cardRules.apply(state, playerId, action).state;
  }
}

test("for both players and for spectators, the side that the game waits for is marked", () => {
  const forced = new Set<string>();
  for (const seed of ["one", "two", "three"]) {
    for (const state of statesOf(seed)) {
      for (const { type } of state.forcedActions) forced.add(type);
      const mover = state.phase === "ended" ? null : actorOf(state);
      for (const playerId of [ada, bo]) expect(moverOf(viewFor(state, { playerId }))).toBe(mover);
      // Spectators do not see a forced discard or draw coming; whose creature is gone they do.
      const open = state.forcedActions.every(({ type }) => type === "promote");
      if (open) expect(moverOf(viewFor(state, "spectator"))).toBe(mover);
    }
  }
  expect(forced).toContain("promote");
});
