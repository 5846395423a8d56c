import {
  type Counter,
  type CounterView,
  counterGame,
  draw,
  facts,
  move,
  newCounter,
} from "@turnkeep/conformance/counter-game";
import type { GameDefinition } from "@turnkeep/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openWorld, type World } from "../test/support/world.js";

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const rules = (oldestRulesVersion: number, rulesVersion: number): GameDefinition<Counter, CounterView> => ({
  ...counterGame,
  oldestRulesVersion,
  rulesVersion,
});

test("a game keeps the rules that it began under, through loads, losses of the cache, and into history", async () => {
  const old = await world.server();
  const { state, rulesVersion } = await old.manager.createGame(newCounter(), facts);
  expect(rulesVersion).toBe(1);
  const { gameId } = state;
  const { manager } = await world.server({}, { game: rules(1, 2) });
  const seen: number[] = [];
  const play = () =>
    manager.update(gameId, (current, game) => {
      seen.push(game.rulesVersion);
      return move(`under ${game.rulesVersion}`)(current);
    });
  await play();
  expect(await manager.loadState(gameId)).toMatchObject({ rulesVersion: 1 });
  await manager.flushDue();
  await world.loseCache();
  await play();
  expect(await manager.loadFromCache(gameId)).toMatchObject({ rulesVersion: 1 });
  expect(await manager.loadFromDb(gameId)).toMatchObject({ rulesVersion: 1 });
  await world.transaction((transaction) =>
    manager.update(gameId, (current, game) => move(`within ${game.rulesVersion}`)(current), { transaction }),
  );
  expect(new Set(seen)).toEqual(new Set([1]));
  expect(await manager.createGame(newCounter(), facts)).toMatchObject({ rulesVersion: 2 });
  await manager.endGame(gameId, draw);
  expect(await manager.getReplay(gameId, "spectator")).toMatchObject({ record: { rulesVersion: 1 } });
});

test("a deploy without a game's rules reports it at its start, and writes nothing of it", async () => {
  const { gameId } = (await world.create(newCounter())).state;
  await world.create(newCounter());
  const events: unknown[] = [];
  const deployed = await world.server(
    {},
    { game: rules(2, 3), onEvents: (all) => all.on("rules:unsupported", (fact) => events.push(fact)) },
  );
  const { manager, logs } = deployed;
  const unplayed = [{ rulesVersion: 1, games: 2 }];
  expect(events).toEqual([{ unplayed }]);
  expect(logs).toContainEqual(expect.objectContaining({ level: "error", fields: { unplayed } }));

  const before = await world.row(gameId);
  const refused = { code: "UnsupportedRules", details: { gameId, found: 1, oldest: 2, newest: 3 } };
  const { state, version } = (await manager.loadState(gameId)) ?? {};
  if (state === undefined) throw new Error("it can be read");
  const calls: (() => Promise<unknown>)[] = [
    () => manager.update(gameId, move("a")),
    () => manager.saveToCache({ ...state, turn: 2 }, { version }),
    () => manager.persistToDb({ ...state, turn: 2 }, { version }),
    () => manager.endGame(gameId, draw),
    () => manager.archiveToHistory(gameId, { outcome: draw }),
    () => world.transaction((transaction) => manager.update(gameId, move("a"), { transaction })),
    () => world.transaction((transaction) => manager.endGame(gameId, draw, { transaction })),
  ];
  for (const call of calls) await expect(call()).rejects.toMatchObject(refused);
  expect(await world.store.status(gameId)).toBe("live");
  expect((await manager.loadState(gameId))?.state).toEqual(state);
  expect(await world.row(gameId)).toMatchObject({ state: before.state });

  const elsewhere = await world.server();
  expect(await elsewhere.manager.update(gameId, move("b"))).toMatchObject({ written: true });
});

test("a whole state is refused also where nothing of its game is held, and idle games of other rules stay", async () => {
  const { state, version } = await world.create(newCounter());
  const { manager } = await world.server({}, { game: rules(2, 2) });
  await expect(manager.saveToCache({ ...state, turn: 2 }, { version })).rejects.toMatchObject({
    code: "UnsupportedRules",
  });
  const { expired, failed } = await manager.expireStaleGames({ idleForMs: 0 });
  expect(expired).toBe(0);
  expect(failed).toMatchObject([{ gameId: state.gameId, error: { code: "UnsupportedRules" } }]);
  expect(await world.store.status(state.gameId)).toBe("live");
});
