import { precededBy } from "@turnkeep/conformance";
import { facts, move, newCounter, nextTurn } from "@turnkeep/conformance/counter-game";
import { TurnkeepError } from "@turnkeep/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { bringingNoCopy, openWorld, type Server, type World } from "../test/support/world.js";

/* Writes that are retried, or made durable, after their game was archived: history remembers them. */

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const draw = { endReason: "draw", winnerIds: [], winnerIsNpc: false } as const;

test("the retry of a write is a duplicate although its game was archived since; other writes get GameEnded", async () => {
  const { manager, cache } = await world.server();
  const other = await world.server();
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  const writeId = crypto.randomUUID();
  cache.on(
    "write",
    async (call) => {
      await call();
      throw new TurnkeepError("CacheUnavailable", "the reply was lost", { fate: "unknown" });
    },
    1,
  );
  await expect(manager.update(gameId, move("last"), { writeId })).rejects.toMatchObject({ code: "CacheUnavailable" });
  await other.manager.endGame(gameId, draw);
  for (const server of [manager, other.manager]) {
    expect(await server.update(gameId, move("last"), { writeId })).toMatchObject({
      state: { moves: ["last"] },
      status: "ended",
      durability: "durable",
      written: false,
      duplicate: true,
    });
  }
  const late = manager.update(gameId, move("late"), { writeId: crypto.randomUUID() });
  await expect(late).rejects.toMatchObject({ code: "GameEnded" });
  await world.store.purgeTombstones(0);
  await expect(manager.update(gameId, move("last"), { writeId })).rejects.toMatchObject({ code: "GameEnded" });
});

test("a whole state that was saved is recognised after the archive as well", async () => {
  const { manager } = await world.server();
  const { state, version } = await manager.createGame(newCounter(), facts);
  const options = { version, writeId: crypto.randomUUID() };
  const saved = { ...state, moves: ["saved"] };
  const made = await manager.saveToCache(saved, options);
  await manager.endGame(state.gameId, draw);
  expect(await manager.saveToCache(saved, options)).toBe(made);
  const other = manager.saveToCache(saved, { ...options, writeId: crypto.randomUUID() });
  await expect(other).rejects.toMatchObject({ code: "GameEnded" });
});

test("a creation and a save are recognised after the archive, in a transaction too; nobody else's are", async () => {
  const { manager } = await world.server();
  const other = await world.server();
  const fresh = newCounter();
  const creation = { ...facts, writeId: crypto.randomUUID() };
  const { state, version } = await manager.createGame(fresh, creation);
  const save = { version, writeId: crypto.randomUUID() };
  const saved = { ...state, moves: ["saved"] };
  const record = await manager.persistToDb(saved, save);
  const { gameId, gameType, playerIds, startedAt } = record;
  await manager.endGame(gameId, draw);

  const past = { gameId, gameType, playerIds, startedAt, status: "ended", version: record.version, outcome: draw };
  for (const server of [manager, other.manager]) {
    expect(await server.createGame(fresh, creation)).toMatchObject({ state: saved, status: "ended" });
    expect(await server.persistToDb(saved, save)).toMatchObject(past);
    expect(await server.persistToDb(saved, { writeId: save.writeId })).toMatchObject(past);
    const created = await world.transaction((transaction) => server.createGame(fresh, { ...creation, transaction }));
    expect(created).toMatchObject({ state: saved, status: "ended" });
    for (const options of [save, { writeId: save.writeId }]) {
      const kept = await world.transaction((transaction) => server.persistToDb(saved, { ...options, transaction }));
      expect(kept).toMatchObject(past);
    }
    const updated = await world.transaction((transaction) =>
      server.update(gameId, move("no"), { writeId: save.writeId, transaction }),
    );
    expect(updated).toMatchObject({ duplicate: true, status: "ended", state: saved });
    const ended = { code: "GameEnded" };
    await expect(server.createGame(fresh, facts)).rejects.toMatchObject(ended);
    await expect(server.createGame(fresh, { ...creation, writeId: "another-write" })).rejects.toMatchObject(ended);
    await expect(server.persistToDb(saved, { ...save, writeId: "another-write" })).rejects.toMatchObject(ended);
  }
  await world.store.purgeTombstones(0);
  await expect(manager.createGame(fresh, creation)).rejects.toMatchObject({ code: "GameEnded" });
});

test.each(["claim", "flush"] as const)(
  "a durable write whose game is archived before its %s is durable: history has it",
  async (operation) => {
    const server = await world.server();
    const other = await world.server();
    const { gameId } = (await server.manager.createGame(newCounter(), facts)).state;
    before(operation, server, () => other.manager.endGame(gameId, draw));
    const result = await server.manager.update(gameId, nextTurn);
    expect(result).toMatchObject({ state: { turn: 2 }, durability: "durable", written: true });
  },
);

test.each(["claim", "flush"] as const)(
  "a durable write whose game is deleted before its %s gets GameGone",
  async (step) => {
    const server = await world.server();
    const other = await world.server();
    const { gameId } = (await server.manager.createGame(newCounter(), facts)).state;
    before(step, server, () => other.manager.deleteGame(gameId));
    await expect(server.manager.update(gameId, nextTurn)).rejects.toMatchObject({ code: "GameGone" });
  },
);

test.each(["claim", "flush"] as const)(
  "a durable write that is lost with the cache before its %s, and whose game another server ends, gets GameEnded",
  async (step) => {
    const server = await world.server();
    const other = await world.server();
    const { gameId } = (await server.manager.createGame(newCounter(), facts)).state;
    before(step, server, async () => {
      await world.loseCache();
      await other.manager.endGame(gameId, draw);
    });
    await expect(server.manager.update(gameId, nextTurn)).rejects.toMatchObject({ code: "GameEnded" });
    expect((await server.manager.getReplayStates(gameId))?.finalState?.turn).toBe(1);
  },
);

/** Does something just before a durable write is flushed, or is claimed since its answer brought no copy. */
function before(step: "claim" | "flush", { cache, store }: Server, work: () => Promise<unknown>): void {
  if (step === "claim") cache.on("write", bringingNoCopy, 1);
  if (step === "claim") cache.on("claimGame", precededBy(work), 1);
  else store.on("flush", precededBy(work), 1);
}
