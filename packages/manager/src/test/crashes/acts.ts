import { facts, move, newCounter, nextTurn, win } from "@turnkeep/conformance/counter-game";
import type { Scene } from "./scene.js";

const writeId = "the-write-of-the-victim";
const turn = (state: Parameters<typeof nextTurn>[0]) => {
  const moved = move("b")(state);
  return { ...moved, state: nextTurn(moved.state) };
};

/** What the victim does. */
export const acts = {
  create: ({ manager, gameId }: Scene) => manager.createGame(newCounter(gameId), facts),
  load: ({ manager, gameId }: Scene) => manager.loadState(gameId),
  endTurn: ({ manager, gameId }: Scene) => manager.update(gameId, turn, { writeId }),
  flush: ({ manager }: Scene) => manager.flushDue(),
  end: ({ manager, gameId }: Scene) => manager.update(gameId, win, { writeId }),
  remove: ({ manager, gameId }: Scene) => manager.deleteGame(gameId),
  recover: ({ manager }: Scene) => manager.recoverActiveGames(),
  expire: ({ manager }: Scene) => manager.expireStaleGames({ idleForMs: 0 }),
};
