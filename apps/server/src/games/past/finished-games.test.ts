import type { ReplayStates } from "@turnkeep/manager";
import { expect, test, vi } from "vitest";
import type { ShownGame } from "../served/served-game.js";
import { FinishedGames } from "./finished-games.js";

interface State {
  readonly players: readonly string[];
}

const shown = { game: {}, rules: {} } as unknown as ShownGame<State>;
const replay = { record: {}, finalState: null } as unknown as ReplayStates<State>;

function finishedGames(answer: (gameId: string) => ReplayStates<State> | null = () => replay) {
  const getReplayStates = vi.fn(async (gameId: string) => answer(gameId));
  return { games: new FinishedGames(shown, { getReplayStates }), getReplayStates };
}

test("a game that many ask for is read once, also by those who ask meanwhile", async () => {
  const { games, getReplayStates } = finishedGames();
  const [one, other] = await Promise.all([games.find("a"), games.find("a")]);
  expect(one).not.toBeNull();
  expect(other).toBe(one);
  expect(await games.find("a")).toBe(one);
  expect(getReplayStates).toHaveBeenCalledTimes(1);
});

test("what history does not have is asked for again", async () => {
  let known = false;
  const { games } = finishedGames(() => (known ? replay : null));
  expect(await games.find("a")).toBeNull();
  known = true;
  expect(await games.find("a")).not.toBeNull();
});

test("a failure reaches all who asked, and not remembered", async () => {
  let away = true;
  const { games, getReplayStates } = finishedGames(() => {
    if (away) throw new Error("away");
    return replay;
  });
  const outcomes = await Promise.allSettled([games.find("a"), games.find("a")]);
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  away = false;
  expect(await games.find("a")).not.toBeNull();
  expect(getReplayStates).toHaveBeenCalledTimes(2);
});

test("few are remembered: those that were asked for last", async () => {
  const { games, getReplayStates } = finishedGames();
  await games.find("kept");
  for (let count = 0; count < 40; count += 1) {
    await games.find(`game-${count}`);
    await games.find("kept");
  }
  await games.find("game-0");
  expect(getReplayStates.mock.calls.filter(([gameId]) => gameId === "kept")).toHaveLength(1);
  expect(getReplayStates.mock.calls.filter(([gameId]) => gameId === "game-0")).toHaveLength(2);
});
