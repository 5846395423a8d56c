import {
  alice,
  type Counter,
  type CounterView,
  counterGame,
  counterSchema,
  draw,
  facts,
  move,
  newCounter,
  nextTurn,
} from "@turnkeep/conformance/counter-game";
import { defineGame, type GameDefinition } from "@turnkeep/core";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import * as z from "zod";
import { openWorld, type World } from "../test/support/world.js";

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

/** One move at most: what breaks this is refused when it is read from the store. */
const game: GameDefinition<Counter, CounterView> = defineGame({
  ...counterGame,
  schema: counterSchema.extend({ moves: z.array(z.string()).max(1) }),
});
const second = (state: Counter) => move("second")(state);
const refused = { code: "InvalidState", details: { reason: "schema", path: "$.moves" } };

async function played(validateWrites: "every" | "turns" | "never") {
  const server = await world.server({ validateWrites }, { game });
  const { gameId } = (await server.manager.createGame(newCounter(undefined, { moves: ["first"] }), facts)).state;
  return { ...server, gameId };
}

describe("what a load would refuse is not acknowledged", () => {
  test("by any operation, unless a setting allows it: state, row and log stay as they were", async () => {
    const { manager, gameId } = await played("every");
    const before = await world.row(gameId);
    const broken = { ...newCounter(gameId), moves: ["first", "second"] };
    const calls = [
      () => manager.update(gameId, second),
      () => manager.update(gameId, second, { durability: "durable" }),
      () => manager.update(gameId, (state) => nextTurn(second(state).state)),
      () => manager.update(gameId, (state) => ({ ...second(state).state, result: won })),
      () => world.transaction((transaction) => manager.update(gameId, second, { transaction })),
      () => world.transaction((transaction) => manager.persistToDb(broken, { transaction })),
      () => manager.saveToCache(broken),
      () => manager.persistToDb(broken),
      () => manager.createGame({ ...broken, gameId: crypto.randomUUID() }, facts),
      () => manager.archiveToHistory(crypto.randomUUID(), { outcome: draw, state: broken }),
    ];
    for (const call of calls) await expect(call()).rejects.toMatchObject(refused);
    expect(await manager.getLog(gameId)).toEqual([]);
    await world.loseCache();
    expect(await manager.loadState(gameId)).toMatchObject({ state: { moves: ["first"], turn: 1 } });
    expect((await world.row(gameId)).state).toBe(before.state);
  });

  test("of a game that it has passed the schema is asked for what changes, of one that others wrote for all", async () => {
    const careless = await played("never");
    const { manager, gameId } = await played("every");
    const whole = vi.spyOn(game.schema, "safeParse");
    await manager.update(gameId, (state) => ({ ...state, moves: ["other"] }));
    await manager.update(gameId, nextTurn);
    expect(whole).not.toHaveBeenCalled();
    await expect(manager.update(gameId, second)).rejects.toMatchObject(refused);
    expect(whole).toHaveBeenCalled();
    whole.mockRestore();
    await careless.manager.update(careless.gameId, second);
    await expect(manager.update(careless.gameId, nextTurn)).rejects.toMatchObject(refused);
    await manager.loadState(careless.gameId);
    await expect(manager.update(careless.gameId, nextTurn)).rejects.toMatchObject(refused);
  });

  test("`turns` asks the schema for what becomes durable, and for nothing else", async () => {
    const { manager, gameId } = await played("turns");
    expect((await manager.update(gameId, second)).written).toBe(true);
    const durable = [
      () => manager.update(gameId, move("c"), { durability: "durable" }),
      () => manager.update(gameId, nextTurn),
      () => manager.update(gameId, (state) => ({ ...state, result: won })),
    ];
    for (const call of durable) await expect(call()).rejects.toMatchObject(refused);
    const whole = vi.spyOn(game.schema, "safeParse");
    expect((await manager.update(gameId, (state) => ({ ...nextTurn(state), moves: [] }))).durability).toBe("durable");
    expect(whole).toHaveBeenCalled();
    whole.mockClear();
    expect((await manager.update(gameId, nextTurn)).durability).toBe("durable");
    expect(whole).not.toHaveBeenCalled();
    await expect(manager.update(gameId, (state) => second(second(nextTurn(state)).state))).rejects.toMatchObject(
      refused,
    );
  });

  test("`turns` asks for every write where all are durable", async () => {
    const server = await world.server({ validateWrites: "turns" }, { game, detectsFailover: false });
    const { gameId } = (await server.manager.createGame(newCounter(undefined, { moves: ["first"] }), facts)).state;
    await expect(server.manager.update(gameId, second)).rejects.toMatchObject(refused);
  });

  test("`never` asks only for states that a caller hands over whole", async () => {
    const { manager, gameId } = await played("never");
    expect((await manager.update(gameId, (state) => nextTurn(second(state).state))).durability).toBe("durable");
    await expect(manager.saveToCache({ ...newCounter(gameId), moves: ["a", "b"] })).rejects.toMatchObject(refused);
  });
});

describe("what a definition returns is checked before anything is written", () => {
  const wrong: readonly (readonly [keyof GameDefinition, unknown])[] = [
    ...[1.5, true, 2 ** 31, "3", null, -1, undefined, Promise.resolve(1)].map((value) => ["turnOf", value] as const),
    ...[1.5, -1, "3", undefined, Number.NaN, 2 ** 60].map((value) => ["dueAt", value] as const),
    ...[undefined, true, "draw", { winnerId: alice }, { ...draw, endReason: "No word" }, { ...draw, more: 1 }].map(
      (value) => ["resultOf", value] as const,
    ),
    ...[null, "alice", [1], [""], ["a", "a"], ["a\n"]].map((value) => ["playersOf", value] as const),
    ...[Number.NaN, { at: new Date(0) }, { a: undefined }, () => 1].map((value) => ["rulesOf", value] as const),
    ...["1", undefined, true, Number.NaN].map((value) => ["schemaVersionOf", value] as const),
  ];

  test.each(wrong)("%s: %j", async (name, value) => {
    const right = await world.server();
    const { gameId } = (await right.manager.createGame(newCounter(), facts)).state;
    const row = await world.row(gameId);
    const { manager } = await world.server({}, { game: { ...counterGame, [name]: () => value } });
    const error = { code: "InvalidState", message: expect.stringContaining(name) };
    const fresh = newCounter();
    await expect(manager.createGame(fresh, facts)).rejects.toMatchObject(error);
    expect(await world.store.status(fresh.gameId)).toBe("missing");
    if (name !== "rulesOf") {
      await expect(manager.update(gameId, move("b"))).rejects.toMatchObject(error);
      await expect(manager.saveToCache({ ...newCounter(gameId), turn: 2 })).rejects.toMatchObject(error);
    }
    expect(await world.row(gameId)).toEqual(row);
    expect(await world.store.status(gameId)).toBe("live");
    expect((await right.manager.update(gameId, move("b"))).state.moves).toEqual(["b"]);
  });

  test.each([0, 1.5, 2 ** 31, -1])("a schema version that is %j is refused at once", async (schemaVersion) => {
    const game = { ...counterGame, schemaVersion };
    await expect(world.server({}, { game })).rejects.toMatchObject({ code: "InvalidInput" });
  });
});

const won = { winnerId: alice, winnerIsNpc: false, reason: "prizes" };
