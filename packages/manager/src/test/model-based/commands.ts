import { alice, facts, move, newCounter, nextTurn, win } from "@turnkeep/conformance/counter-game";
import { assertGameId, type isTurnkeepError, type Version } from "@turnkeep/core";
import fc from "fast-check";
import { expect } from "vitest";
import { canComeBack, gameOf, keep, liveGames, logOf, lose, type Model, type ModelGame } from "./model.js";
import type { Manager, Real } from "./real.js";

export const slots = 3;
export const managers = 3;

type Command = fc.AsyncCommand<Model, Real>;
/** One game, as a command sees it. */
interface Stage {
  readonly model: Model;
  readonly real: Real;
  readonly game: ModelGame;
  readonly gameId: string;
  readonly slot: number;
  readonly manager: Manager;
  readonly other: Manager;
}
type Needs = ModelGame["status"] | "any";

/** A command about a game in that state, by one of the managers. */
function onGame(label: string, needs: Needs, run: (stage: Stage) => Promise<unknown>): fc.Arbitrary<Command> {
  return fc.tuple(fc.nat(slots - 1), fc.nat(managers - 1)).map(([slot, by]) => ({
    check: (model) => needs === "any" || gameOf(model, slot).status === needs,
    async run(model, real) {
      const [manager, other] = [real.managers[by], real.managers[(by + 1) % managers]] as [Manager, Manager];
      const gameId = real.gameIds[slot] ?? "";
      await run({ model, real, game: gameOf(model, slot), gameId, slot, manager, other });
    },
    toString: () => `${label}(game ${slot}, manager ${by})`,
  }));
}

/** A command about all games at once. */
function onAll(label: string, run: (model: Model, real: Real) => Promise<unknown>): fc.Arbitrary<Command> {
  return fc.constant({
    check: () => true,
    run: async (model, real) => void (await run(model, real)),
    toString: () => label,
  });
}

const nameOf = (model: Model) => {
  model.moves += 1;
  return `m${model.moves}`;
};
const writeIdOf = (gameId: string, name: string) => `${gameId}-${name}`;

async function play({ manager, model, game, gameId }: Stage, ends: boolean, durability?: "durable") {
  const name = nameOf(model);
  const reducer = (state: Parameters<typeof nextTurn>[0]) => {
    const moved = move(name)(state);
    return ends ? { ...moved, state: nextTurn(moved.state) } : moved;
  };
  const result = await manager.update(gameId, reducer, { writeId: writeIdOf(gameId, name), durability });
  game.moves.push(name);
  if (ends) game.turn += 1;
  expect(result.state).toMatchObject({ moves: game.moves, turn: game.turn });
  expect(result.durability).toBe(ends || durability ? "durable" : "writeBehind");
  if (result.durability === "durable") keep(game);
}

const refused = (code: Parameters<typeof isTurnkeepError>[1]) => expect.objectContaining({ code });

async function endsOnce({ manager, other, gameId, game }: Stage, end: (manager: Manager) => Promise<unknown>) {
  await Promise.all([end(manager), end(other)]);
  game.status = "archived";
  const replay = await manager.getReplay(gameId, { playerId: alice });
  expect(replay?.log).toEqual(logOf(game));
  const finished = (await other.getPlayerHistory(alice, { limit: 500 })).items;
  expect(finished.filter((record) => record.gameId === gameId)).toHaveLength(1);
}

const won = { endReason: "prizes", winnerIds: [alice], winnerIsNpc: false } as const;

const create = onGame("create", "none", async ({ manager, gameId, game }) => {
  await manager.createGame(newCounter(gameId), facts);
  game.status = "live";
});

/**
 * Every call of a manager that plays, keeps, ends or shows a game, and what can happen to Redis in between. What is
 * there several times is chosen as often.
 */
export const commands: readonly fc.Arbitrary<Command>[] = [
  create,
  create,
  create,
  create,
  onGame("move", "live", (stage) => play(stage, false)),
  onGame("move", "live", (stage) => play(stage, false)),
  onGame("move", "live", (stage) => play(stage, false)),
  onGame("durable move", "live", (stage) => play(stage, false, "durable")),
  onGame("end turn", "live", (stage) => play(stage, true)),
  onGame("retry the last move", "live", async ({ manager, gameId, game }) => {
    const name = game.moves.at(-1);
    if (name === undefined || game.unlogged.has(name)) return;
    const result = await manager.update(gameId, move(name), { writeId: writeIdOf(gameId, name) });
    expect(result).toMatchObject({ duplicate: true, written: false, state: { moves: game.moves } });
    if (result.durability === "durable") keep(game);
  }),
  onGame("two moves at once", "live", async ({ model, manager, other, gameId, game }) => {
    const names = [nameOf(model), nameOf(model)];
    await Promise.all(
      [manager, other].map((each, n) =>
        each.update(gameId, move(names[n] ?? ""), { writeId: writeIdOf(gameId, names[n] ?? "") }),
      ),
    );
    const moves = (await manager.loadState(gameId))?.state.moves ?? [];
    expect(moves.slice(0, -2)).toEqual(game.moves);
    expect(moves.slice(-2).sort()).toEqual(names.sort());
    game.moves = [...moves];
  }),
  onGame("write over an old version", "live", async (stage) => {
    const { manager, gameId } = stage;
    const before = (await manager.loadState(gameId))?.version as Version;
    await play(stage, false);
    const stale = stage.other.update(gameId, move("stale"), { expectedVersion: before });
    await expect(stale).rejects.toEqual(refused("RevisionConflict"));
  }),
  onGame("save a state", "live", async ({ manager, model, gameId, game }) => {
    const loaded = await manager.loadState(gameId);
    if (loaded === null) throw new Error("a live game is missing");
    const name = nameOf(model);
    await manager.saveToCache(move(name)(loaded.state).state, { version: loaded.version });
    game.moves.push(name);
    game.unlogged.add(name);
  }),
  onGame("persist a state", "live", async ({ manager, model, gameId, game }) => {
    const loaded = await manager.loadState(gameId);
    if (loaded === null) throw new Error("a live game is missing");
    const name = nameOf(model);
    await manager.persistToDb(move(name)(loaded.state).state, { version: loaded.version });
    game.moves.push(name);
    game.unlogged.add(name);
    keep(game);
  }),
  onGame("play in a transaction", "live", async ({ manager, model, real, gameId, game }) => {
    const name = nameOf(model);
    const writeId = writeIdOf(gameId, name);
    await real.sequelize.transaction((transaction) => manager.update(gameId, move(name), { transaction, writeId }));
    game.moves.push(name);
    keep(game);
  }),
  onGame("roll back a transaction", "live", async ({ manager, real, gameId, game }) => {
    const transaction = await real.sequelize.transaction();
    await manager.update(gameId, move("rolled back"), { transaction });
    await transaction.rollback();
    keep(game); // A dirty copy is flushed before.
  }),
  onGame("a throwing reducer", "live", async ({ manager, gameId }) => {
    const mistake = new Error("mistake");
    const throwing = manager.update(gameId, () => {
      throw mistake;
    });
    await expect(throwing).rejects.toBe(mistake);
  }),
  onGame("load", "any", async ({ manager, gameId, game }) => {
    const loaded = await manager.loadState(gameId);
    if (game.status !== "live") return expect(loaded).toBeNull();
    expect(loaded).toMatchObject({ state: { moves: game.moves, turn: game.turn }, stale: false });
  }),
  onGame("load from Postgres", "live", async ({ manager, gameId, game }) => {
    expect((await manager.loadFromDb(gameId))?.state.moves).toEqual(game.moves.slice(0, game.kept));
  }),
  onGame("read the log", "live", async ({ manager, gameId, game }) => {
    expect(await manager.getLog(gameId)).toEqual(logOf(game));
  }),
  onGame("evict", "live", async ({ manager, gameId, game, real }) => {
    const wasThere = await real.cache.exists(assertGameId(gameId));
    expect(await manager.deleteFromCache(gameId)).toBe(wasThere);
    keep(game); // A dirty copy is flushed first, a unverified one compared before that.
  }),
  onGame("end", "live", (stage) => endsOnce(stage, (manager) => manager.endGame(stage.gameId, won))),
  onGame("win", "live", (stage) => {
    const writeId = writeIdOf(stage.gameId, "win");
    return endsOnce(stage, (manager) => manager.update(stage.gameId, win, { writeId }));
  }),
  onGame("delete", "live", async ({ manager, gameId, game, real }) => {
    expect(await manager.deleteGame(gameId)).toBe(true);
    game.status = "deleted";
    expect(await real.store.status(assertGameId(gameId))).toBe("deleted");
  }),
  onGame("write after the end", "archived", async ({ manager, gameId }) => {
    await expect(manager.update(gameId, move("late"))).rejects.toEqual(refused("GameEnded"));
    await expect(manager.createGame(newCounter(gameId), facts)).rejects.toEqual(refused("GameEnded"));
  }),
  onGame("write after the deletion", "deleted", async ({ manager, gameId }) => {
    await expect(manager.update(gameId, move("late"))).rejects.toEqual(refused("GameGone"));
    await expect(manager.createGame(newCounter(gameId), facts)).rejects.toEqual(refused("GameGone"));
  }),
  onGame("write before the creation", "none", async ({ manager, gameId }) => {
    await expect(manager.update(gameId, move("early"))).rejects.toEqual(refused("GameNotFound"));
  }),
  onGame("count and list", "any", async ({ manager, model }) => {
    const live = liveGames(model).length;
    expect(await manager.getActiveGameCount()).toBe(live);
    expect((await manager.getPlayerActiveGames(alice, { limit: 500 })).items).toHaveLength(live);
  }),
  onGame("recover", "any", async ({ manager, model }) => {
    expect(await manager.recoverActiveGames()).toMatchObject({ failed: [], total: liveGames(model).length });
  }),
  onGame("flush what is due", "any", async ({ manager, real, model }) => {
    await real.flushAll(manager);
    liveGames(model).forEach(keep);
  }),
  onGame("replace the process", "any", ({ real, manager }) => real.replaceManager(real.managers.indexOf(manager))),
  onAll("Redis comes back empty", async (model, real) => {
    await real.wipe();
    liveGames(model).forEach(lose);
  }),
  onAll("Redis fails over", (_, real) => real.changeHistory()),
  onAll("clean copies expire", (_, real) => real.expireClean()),
  onAll("scripts are flushed", (_, real) => real.flushScripts()),
  onAll("Redis is backed up", async (model, real) => {
    await real.backUp();
    model.backup = model.games.map(({ moves, turn }) => ({ moves: [...moves], turn }));
  }),
  onAll("Redis comes back old", async (model, real) => {
    await real.rewind();
    for (const slot of model.games.keys()) await lookAfterRewind(model, real, slot);
  }),
  onGame("play on when Redis comes back old", "live", async ({ model, real, game, gameId, manager, slot }) => {
    await real.rewind();
    const name = nameOf(model);
    const { state } = await manager.update(gameId, move(name), { writeId: writeIdOf(gameId, name) });
    takeUp(game, model.backup?.[slot], state.moves.slice(0, -1));
    game.moves.push(name);
    expect(state).toMatchObject({ moves: game.moves, turn: game.turn });
    for (const each of model.games.keys()) if (each !== slot) await lookAfterRewind(model, real, each);
  }),
];

/** After a rewind a game is what Postgres has, or what Redis had, where that is more. */
function takeUp(
  game: ModelGame,
  old: NonNullable<Model["backup"]>[number] | undefined,
  found: readonly string[],
): void {
  const isOld = old !== undefined && canComeBack(game, old.moves) && found.length === old.moves.length;
  if (!isOld) lose(game);
  else {
    game.moves = [...old.moves];
    game.turn = old.turn;
  }
}

async function lookAfterRewind(model: Model, real: Real, slot: number): Promise<void> {
  const game = gameOf(model, slot);
  const loaded = await real.managers[slot % managers]?.loadState(real.gameIds[slot] ?? "");
  if (game.status !== "live") return expect(loaded).toBeNull();
  takeUp(game, model.backup?.[slot], loaded?.state.moves ?? []);
  expect(loaded?.state).toMatchObject({ moves: game.moves, turn: game.turn });
}
