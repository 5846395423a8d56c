import { facts, move, newCounter } from "@turnkeep/conformance/counter-game";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { openRealWorld, type RealServer, type RealWorld } from "../test/support/real-world.js";

/* An operator adds a constraint that no row can meet: Postgres is there, and refuses all that is written to a table. */

let world: RealWorld;
let server: RealServer;
const constrained = new Set<string>();
beforeAll(async () => {
  world = await openRealWorld();
});
beforeEach(async () => {
  server = await world.server();
});
afterEach(async () => {
  await lift();
  await world.closeServers();
});
afterAll(() => world.close());

async function constrain(table: string): Promise<void> {
  await world.sequelize.query(`ALTER TABLE "${world.schema}".${table} ADD CONSTRAINT too_many CHECK (false) NOT VALID`);
  constrained.add(table);
}
/** As an operator may add who has forgotten tombstones. */
async function constrainTombstones(): Promise<void> {
  await world.sequelize.query(
    `ALTER TABLE "${world.schema}".active_games ADD CONSTRAINT too_many CHECK (status <> 'archived') NOT VALID`,
  );
  constrained.add("active_games");
}
async function lift(): Promise<void> {
  for (const table of constrained) {
    await world.sequelize.query(`ALTER TABLE "${world.schema}".${table} DROP CONSTRAINT too_many`);
  }
  constrained.clear();
}

const played = async () => {
  const { gameId } = (await server.manager.createGame(newCounter(), facts)).state;
  await server.manager.update(gameId, move("kept"));
  return gameId;
};
const draw = { endReason: "draw", winnerIds: [], winnerIsNpc: false } as const;
const refused = (fate: "notDone" | "unknown") => ({ code: "StoreUnavailable", details: { fate, reason: "refused" } });

test("a creation is refused and leaves nothing; the same one succeeds afterwards", async () => {
  await constrain("active_games");
  const state = newCounter();
  await expect(server.manager.createGame(state, facts)).rejects.toMatchObject({ code: "InvalidInput" });
  expect(await world.store.status(state.gameId)).toBe("missing");
  await expect(server.manager.loadState(state.gameId)).resolves.toBeNull();
  await lift();
  expect(await server.manager.createGame(state, facts)).toMatchObject({ status: "live" });
});

test.each(["active_games", "game_history"])(
  "a game ends while %s takes nothing: it stays sealed, is never quarantined, and is archived once afterwards",
  async (table) => {
    const gameId = await played();
    await constrain(table);
    await expect(server.manager.endGame(gameId, draw)).rejects.toMatchObject(refused("unknown"));
    await expect(server.manager.update(gameId, move("late"))).rejects.toMatchObject({ code: "GameEnded" });
    expect(await world.store.status(gameId)).toBe("live");
    await lift();
    expect(await server.manager.endGame(gameId, draw)).toMatchObject({ outcome: { endReason: "draw" } });
    expect(await world.store.status(gameId)).toBe("archived");
  },
);

test("a game ends whose row may not become a tombstone: it stays sealed, and is archived once afterwards", async () => {
  const gameId = await played();
  await constrainTombstones();
  await expect(server.manager.endGame(gameId, draw)).rejects.toMatchObject(refused("unknown"));
  expect(await world.store.status(gameId)).toBe("live");
  await lift();
  expect(await server.manager.endGame(gameId, draw)).toMatchObject({ outcome: { endReason: "draw" } });
});

test("a deletion is the store's trouble, not bad input: the game plays on, and is deleted afterwards", async () => {
  const gameId = await played();
  await constrain("active_games");
  await expect(server.manager.deleteGame(gameId)).rejects.toMatchObject(refused("notDone"));
  expect(await server.manager.update(gameId, move("on"))).toMatchObject({ state: { moves: ["kept", "on"] } });
  await lift();
  expect(await server.manager.deleteGame(gameId)).toBe(true);
});

test("what is cached is read as ever; a load that needs a new fence is the store's trouble, not bad input", async () => {
  const gameId = await played();
  await server.manager.flushDue();
  const uncached = await played();
  await server.manager.deleteFromCache(uncached);
  const other = await world.server();
  await constrain("active_games");
  expect(await other.manager.loadState(gameId)).toMatchObject({ state: { moves: ["kept"] } });
  await expect(other.manager.loadState(uncached)).rejects.toMatchObject(refused("notDone"));
  await lift();
  expect(await other.manager.loadState(uncached)).toMatchObject({ state: { moves: ["kept"] } });
});
