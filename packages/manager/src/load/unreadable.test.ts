import { precededBy } from "@turnkeep/conformance";
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
import { createVirtualRuntime } from "@turnkeep/core/virtual-runtime";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import * as z from "zod";
import { openWorld, type Server, type World } from "../test/support/world.js";

let now = 1_700_000_000_000;
let world: World;
beforeEach(async () => {
  now = 1_700_000_000_000;
  world = await openWorld(() => now);
});
afterEach(() => world.close());

type Game = GameDefinition<Counter, CounterView>;

/** What a deploy may bring by mistake. Each cannot read a game whose first move is `secret`. */
const badDeploys: readonly [what: string, game: Game, error: object][] = [
  [
    "a stricter schema of the same version",
    defineGame({ ...counterGame, schema: counterSchema.extend({ moves: z.array(z.string().max(3)) }) }),
    { code: "InvalidState", details: { reason: "schema", path: "$.moves[0]" } },
  ],
  [
    "a schema that lacks a field",
    defineGame({ ...counterGame, schema: counterSchema.omit({ rules: true }) as unknown as z.ZodType<Counter> }),
    { code: "InvalidState", details: { reason: "schema", path: "$.rules" } },
  ],
  [
    "another schema version without the upcaster",
    defineGame({ ...counterGame, schemaVersion: 2, oldestSchemaVersion: 2 }),
    { code: "UnsupportedSchema", details: { found: 1, supported: 2 } },
  ],
  [
    "an upcaster that throws",
    defineGame({
      ...counterGame,
      schemaVersion: 2,
      upcasters: {
        1: () => {
          throw new TypeError("a bug");
        },
      },
    }),
    { code: "InvalidState", details: { reason: "schema", path: "$" } },
  ],
  [
    "another game, which looks for the id elsewhere",
    defineGame({ ...counterGame, idOf: (state) => (state as unknown as { id: string }).id }),
    { code: "InvalidState", details: { reason: "schema", path: "$" } },
  ],
  [
    "a definition that fails on the document",
    defineGame({
      ...counterGame,
      schemaVersionOf: (document) => (document as unknown as { of: { version: number } }).of.version,
    }),
    { code: "InvalidState", details: { reason: "schema", path: "$" } },
  ],
];

/** Two servers: one is right, one has a bad deploy; and a game that they share, which only the store has. */
async function deployed(game: Game) {
  const right = await world.server();
  const wrong = await world.server({}, { game });
  const { gameId } = (await right.manager.createGame(newCounter(undefined, { moves: ["secret"] }), facts)).state;
  await world.loseCache();
  const seen: string[] = [];
  wrong.manager.events.on("state:unreadable", (event) => seen.push(event.gameId));
  wrong.manager.events.on("state:quarantined", () => seen.push("quarantined"));
  return { right, wrong, gameId, seen };
}

describe.each(badDeploys)("%s", (_, game, details) => {
  test("is this process's trouble: the game stays as it is, and is played on where it can be read", async () => {
    const { right, wrong, gameId, seen } = await deployed(game);
    const error = { ...details, message: expect.stringContaining(gameId) };
    const row = await world.row(gameId);
    const calls = [
      () => wrong.manager.loadState(gameId),
      () => wrong.manager.loadFromDb(gameId),
      () => wrong.manager.update(gameId, nextTurn),
      () => wrong.manager.endGame(gameId, draw),
      () => world.transaction((transaction) => wrong.manager.update(gameId, nextTurn, { transaction })),
      async () => wrong.manager.watch(gameId)[Symbol.asyncIterator]().next(),
    ];
    for (const call of calls) await expect(call()).rejects.toMatchObject(error);
    expect(await world.row(gameId)).toMatchObject({ version: row.version, state: row.state });
    expect(seen).toEqual(calls.map(() => gameId));
    const said = wrong.logs.filter(({ level }) => level === "error");
    expect(said).toHaveLength(1);
    expect(said[0]?.message).toContain(gameId);
    expect(JSON.stringify([said, await calls[0]?.().catch(String)])).not.toContain("secret");
    expect((await right.manager.update(gameId, move("b"))).state.moves).toEqual(["secret", "b"]);
  });

  test("leaves a served copy that is not flushed where it is", async () => {
    const { right, wrong, gameId } = await deployed(game);
    await right.manager.update(gameId, move("b"));
    await wrong.manager.loadState(gameId).catch(() => undefined);
    expect((await right.manager.update(gameId, move("c"))).state.moves).toEqual(["secret", "b", "c"]);
    now += 1_001;
    expect(await wrong.manager.flushDue()).toEqual({ written: 1, contained: 0, failed: 0 });
  });
});

test("what is no document is quarantined, whatever the schema", async () => {
  for (const text of ["[1]", "null", '"a text"', "{"]) {
    const { gameId } = (await (await world.server()).manager.createGame(newCounter(), facts)).state;
    world.corrupt(gameId, text, { flushed: false });
    await expect((await world.server()).manager.loadState(gameId)).rejects.toMatchObject({ code: "GameQuarantined" });
    expect(await world.store.status(gameId)).toBe("quarantined");
  }
});

test("a slow reader of what is no document quarantines no row that moved on since", async () => {
  const { manager } = await world.server();
  const reader = await world.server();
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  world.corrupt(gameId, "{", { flushed: false });
  // The cache is lost, and the game goes on from its row, just before the reader's verdict reaches the store.
  const goesOn = async () => {
    await world.loseCache();
    await manager.update(gameId, move("after"));
  };
  reader.store.on("quarantine", precededBy(goesOn), 1);
  expect((await reader.manager.loadState(gameId))?.state.moves).toEqual(["after"]);
  expect(await world.store.status(gameId)).toBe("live");
});

test("a slow reader of a row that is no document quarantines none that was written over since", async () => {
  const { manager } = await world.server();
  const state = newCounter();
  await world.store.create({
    ...{ gameId: state.gameId, state: "[]", schemaVersion: 1, turnNumber: 1, dueAt: null, writeId: "first-write" },
    ...{ gameType: "ranked", playerIds: [], npcId: null, rules: "{}", rulesVersion: 1 },
  });
  const reader = await world.server();
  const repair = () =>
    world.transaction(async (transaction) => {
      const row = await world.store.lock(state.gameId, { transaction });
      if (row.kind !== "row") throw new Error("no row");
      const { gameId, turnNumber } = row.game;
      await world.store.overwrite(
        {
          ...{ gameId, turnNumber, state: JSON.stringify(state), schemaVersion: 1, dueAt: null },
          ...{ baseRevision: "1", writeId: "operators-write" },
        },
        { transaction },
      );
    });
  reader.store.on("quarantine", precededBy(repair), 1);
  expect((await reader.manager.loadState(state.gameId))?.state).toEqual(state);
  await expect(manager.loadState(state.gameId)).resolves.not.toBeNull();
});

describe("a sweep of a process that cannot read the games", () => {
  const [, strict] = badDeploys[0] ?? [];

  /** Games that the strict process cannot read, but for those of these numbers; their ids in order. */
  async function games(count: number, readable: readonly number[] = []) {
    const right = await world.server();
    const runtime = createVirtualRuntime();
    const settings = { runServiceClock: true, recoveryPageGames: 20, flushWithinMs: 1_000 };
    const wrong = await world.server(settings, { ...(strict === undefined ? {} : { game: strict }), runtime });
    const ids = Array.from({ length: count }, () => crypto.randomUUID()).sort();
    for (const [n, gameId] of ids.entries()) {
      const moves = [readable.includes(n) ? "ok" : "secret"];
      await right.manager.createGame(newCounter(gameId, { moves, due: 0 }), facts);
    }
    return { right, wrong, ids };
  }

  const sweeps: readonly [string, (server: Server) => Promise<unknown>][] = [
    ["expiry", ({ manager }) => manager.expireStaleGames({ idleForMs: 0 })],
    ["deadlines", ({ manager }) => manager.enforceDeadlines(nextTurn)],
    ["a flush of unverified copies", ({ manager }) => manager.flushDue()],
    ["the archive of sealed games", ({ manager }) => manager.finishEndings()],
  ];

  test.each(sweeps)("%s: stops after ten in a row, with one sentence, and changes nothing", async (what, sweep) => {
    const { right, wrong, ids } = await games(40);
    if (what.startsWith("a flush")) {
      for (const gameId of ids) await right.manager.update(gameId, move("b"));
      now += 1_001;
      world.failover();
    } else if (what.startsWith("the archive")) {
      right.store.on("archive", () => Promise.reject(new Error("a crash")));
      for (const gameId of ids) {
        await right.manager.persistToDb(newCounter(gameId, { moves: ["secret"], result: won })).catch(() => undefined);
      }
      await world.loseCache();
    } else {
      await world.loseCache();
    }
    await expect(sweep(wrong)).rejects.toMatchObject({
      code: "InvalidState",
      message: expect.stringMatching(/10 games in a row .* probably a deploy.*\$\.moves\[0\]/),
    });
    expect(wrong.logs.filter(({ level }) => level === "error")).toHaveLength(1);
    for (const gameId of ids) expect(["live", "ended"]).toContain(await world.store.status(gameId));
    if (!what.startsWith("the archive")) {
      for (const gameId of ids) expect((await right.manager.loadState(gameId))?.status).toBe("live");
    }
  });

  test("recovery passes documents on as they are, for those that can read them", async () => {
    const { right, wrong, ids } = await games(30);
    await world.loseCache();
    expect(await wrong.manager.recoverActiveGames()).toMatchObject({ recovered: 30, failed: [] });
    right.store.on("load", () => Promise.reject(new Error("it is in the cache")));
    for (const gameId of ids) expect((await right.manager.loadState(gameId))?.state.moves).toEqual(["secret"]);
  });

  test("handles the games that it can read, and says once how many it cannot", async () => {
    const readable = Array.from({ length: 10 }, (_, n) => 3 * n + 1);
    const { wrong, ids } = await games(30, readable);
    await world.loseCache();
    const { expired, failed } = await wrong.manager.expireStaleGames({ idleForMs: 0 });
    expect(expired).toBe(10);
    expect(failed.map(({ gameId }) => gameId).sort()).toEqual(ids.filter((_, n) => !readable.includes(n)));
    expect(wrong.logs.filter(({ level }) => level === "error")).toHaveLength(1);
    expect(wrong.logs.filter(({ level }) => level === "warn")).toMatchObject([{ fields: { failed: 20 } }]);
  });

  test("enforces the deadlines behind those that it cannot read, some rounds later", async () => {
    const { wrong, ids } = await games(30, [29]);
    await world.loseCache();
    const rounds = [];
    for (let n = 0; n < 3; n++) {
      const round = wrong.manager.enforceDeadlines(({ due: _due, ...state }) => nextTurn(state));
      rounds.push(await round.catch(({ code }: { code: string }) => code));
    }
    expect(rounds[0]).toBe("InvalidState");
    expect((await wrong.manager.loadState(ids[29] ?? ""))?.state.turn).toBe(2);
  });
});

const won = { winnerId: alice, winnerIsNpc: false, reason: "prizes" };
