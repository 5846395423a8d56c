import { alice, move } from "@turnkeep/conformance/counter-game";
import { expect, vi } from "vitest";
import { acts } from "./acts.js";
import type { Scene } from "./scene.js";

/**
 * Something that a process may be killed in the middle of. The victim does only `act`; all else is done by a process
 * that lives. `finish` is what a peer, the daemon or the client's retry does then; `check` what must be true.
 */
export interface Scenario {
  readonly prepare: (scene: Scene) => Promise<unknown>;
  readonly act: keyof typeof acts;
  readonly finish: (scene: Scene) => Promise<unknown>;
  readonly check: (scene: Scene) => Promise<unknown>;
}

/** A game with one move, in both stores. */
async function played(scene: Scene): Promise<void> {
  await acts.create(scene);
  await scene.manager.update(scene.gameId, move("a"), { durability: "durable" });
}

/** What the daemon does, until nothing is left to flush. */
async function sweep({ manager, cache }: Scene): Promise<void> {
  await vi.waitFor(
    async () => {
      await manager.flushDue();
      await manager.finishEndings();
      expect((await cache.backlog()).games).toBe(0);
    },
    { interval: 20 },
  );
}

/** Cache, store and log agree on these moves, and the game plays on. */
async function playsOn({ manager, gameId }: Scene, moves: readonly string[]): Promise<void> {
  expect((await manager.loadState(gameId))?.state.moves).toEqual(moves);
  expect(await manager.getLog(gameId)).toEqual(moves.map((name) => ({ move: name })));
  await manager.update(gameId, move("z"), { durability: "durable" });
  expect((await manager.loadFromDb(gameId))?.state.moves).toEqual([...moves, "z"]);
  await manager.deleteGame(gameId);
}

async function isOver({ manager, store, cache, gameId }: Scene, endReason: string): Promise<void> {
  expect(await manager.loadState(gameId)).toBeNull();
  expect(await cache.exists(gameId)).toBe(false);
  expect(await store.findHistory(gameId)).toMatchObject({ outcome: { endReason } });
  const finished = (await manager.getPlayerHistory(alice, { limit: 500 })).items;
  expect(finished.filter((record) => record.gameId === gameId)).toHaveLength(1);
  await expect(manager.update(gameId, move("late"))).rejects.toMatchObject({ code: "GameEnded" });
}

export const scenarios: Readonly<Record<string, Scenario>> = {
  "a creation, retried elsewhere": {
    prepare: async () => undefined,
    act: "create",
    finish: acts.create,
    check: (scene) => playsOn(scene, []),
  },
  "a load": {
    prepare: async (scene) => {
      await played(scene);
      await scene.manager.deleteFromCache(scene.gameId);
    },
    act: "load",
    finish: async ({ manager, gameId }) => manager.loadState(gameId),
    check: (scene) => playsOn(scene, ["a"]),
  },
  "the end of a turn, retried elsewhere": {
    prepare: played,
    act: "endTurn",
    finish: acts.endTurn,
    check: (scene) => playsOn(scene, ["a", "b"]),
  },
  "the end of a turn, left to the daemon": {
    prepare: played,
    act: "endTurn",
    finish: sweep,
    check: async (scene) => {
      const loaded = await scene.manager.loadState(scene.gameId);
      const row = await scene.manager.loadFromDb(scene.gameId);
      expect(row?.state).toEqual(loaded?.state);
      await playsOn(scene, row?.state.turn === 2 ? ["a", "b"] : ["a"]);
    },
  },
  "a flush": {
    prepare: async (scene) => {
      await played(scene);
      await scene.manager.update(scene.gameId, move("b"));
      await scene.untilDue();
    },
    act: "flush",
    finish: sweep,
    check: async (scene) => {
      expect((await scene.manager.loadFromDb(scene.gameId))?.state.moves).toEqual(["a", "b"]);
      await playsOn(scene, ["a", "b"]);
    },
  },
  "the end of a game, retried elsewhere": {
    prepare: played,
    act: "end",
    finish: async (scene) => {
      await sweep(scene);
      expect(await acts.end(scene)).toMatchObject({ status: "ended" });
    },
    check: (scene) => isOver(scene, "prizes"),
  },
  "the end of a game, left to the daemon": {
    prepare: played,
    act: "end",
    finish: sweep,
    check: async (scene) => {
      if ((await scene.manager.loadState(scene.gameId)) === null) await isOver(scene, "prizes");
      else await playsOn(scene, ["a"]);
    },
  },
  "a deletion, retried elsewhere": {
    prepare: played,
    act: "remove",
    finish: acts.remove,
    check: async ({ manager, store, cache, gameId }) => {
      expect(await store.status(gameId)).toBe("deleted");
      expect(await cache.exists(gameId)).toBe(false);
      expect(await manager.loadState(gameId)).toBeNull();
      await expect(manager.update(gameId, move("late"))).rejects.toMatchObject({ code: "GameGone" });
    },
  },
  "a recovery, run again": {
    prepare: async (scene) => {
      await played(scene);
      await scene.manager.deleteFromCache(scene.gameId);
    },
    act: "recover",
    finish: async ({ manager }) => {
      expect(await manager.recoverActiveGames()).toMatchObject({ failed: [] });
    },
    check: async (scene) => {
      expect(await scene.cache.exists(scene.gameId)).toBe(true);
      await playsOn(scene, ["a"]);
    },
  },
  "an expiry, run again": {
    prepare: played,
    act: "expire",
    finish: async (scene) => {
      await scene.manager.expireStaleGames({ idleForMs: 0 });
      await sweep(scene);
    },
    check: (scene) => isOver(scene, "expired"),
  },
};
