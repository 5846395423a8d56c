import { away, type Fault, followedBy, loseReply, precededBy } from "@turnkeep/conformance";
import { alice, bob, type Counter, draw, facts, move, newCounter, win } from "@turnkeep/conformance/counter-game";
import { TurnkeepError } from "@turnkeep/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openWorld, type World } from "../test/support/world.js";

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const longLog = (state: Counter) => ({ state: move("logged")(state).state, log: Array(100).fill("an entry") });
const aliceWins = { endReason: "prizes", winnerIds: [alice], winnerIsNpc: false } as const;

test("an end gives winners, losers, each player's final view, and leaves one history row", async () => {
  const { manager, logs } = await world.server();
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  await manager.update(gameId, move("last"));
  const result = await manager.endGame(gameId, aliceWins);
  expect(result).toMatchObject({ gameId, winners: [alice], losers: [bob], outcome: aliceWins, turnCount: 1 });
  expect(result.finalViews).toEqual({
    [alice]: { turn: 1, moves: ["last"], secret: "word-of-alice" },
    [bob]: { turn: 1, moves: ["last"], secret: "word-of-bob" },
  });
  expect(await world.store.status(gameId)).toBe("archived");
  expect(await world.cache.exists(gameId)).toBe(false);
  const replay = JSON.parse((await world.store.readReplay(gameId))?.replay ?? "");
  expect(replay).toMatchObject({
    log: [{ move: "last" }],
    finalState: { moves: ["last"] },
    initialState: { moves: [] },
  });
  const archived = logs.find(({ message }) => message === "archived");
  expect(archived?.fields).toEqual({ gameId, turns: 1, durationSeconds: result.durationSeconds });
});

test("an NPC wins under its id in the state, and is no user", async () => {
  const { manager } = await world.server();
  const state = newCounter(undefined, { players: [alice, "npc:ogre"] });
  await manager.createGame(state, { gameType: "campaign", playerIds: [alice], npcId: "ogre" });
  const outcome = { endReason: "knockout", winnerIds: [], winnerIsNpc: true } as const;
  expect(await manager.endGame(state.gameId, outcome)).toMatchObject({
    winners: ["npc:ogre"],
    losers: [alice],
    outcome,
  });
});

test("a draw has neither winners nor losers", async () => {
  const { manager } = await world.server();
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  expect(await manager.endGame(gameId, draw)).toMatchObject({ winners: [], losers: [] });
});

test("ended twice is ended once: every caller gets the same result, whatever outcome is passed", async () => {
  const [one, two] = [await world.server(), await world.server()];
  const { gameId } = (await one.manager.createGame(newCounter(), facts)).state;
  const results = await Promise.all([
    one.manager.endGame(gameId, aliceWins),
    one.manager.endGame(gameId, draw),
    two.manager.endGame(gameId, draw),
  ]);
  const again = await two.manager.endGame(gameId, draw);
  for (const result of results) expect(result).toEqual(again);
  expect((await world.store.listHistory(alice, {})).items).toHaveLength(1);
});

test("the archiver takes the newest state, also what another server wrote a moment ago", async () => {
  const [one, two] = [await world.server(), await world.server()];
  const { gameId } = (await one.manager.createGame(newCounter(), facts)).state;
  await one.manager.loadState(gameId);
  two.cache.on(
    "seal",
    precededBy(() => one.manager.update(gameId, move("just now"))),
    1,
  );
  await two.manager.endGame(gameId, draw);
  const replay = JSON.parse((await world.store.readReplay(gameId))?.replay ?? "");
  expect(replay.finalState.moves).toEqual(["just now"]);
  expect(replay.log).toEqual([{ move: "just now" }]);
});

test("an archive takes the newest state, not the older one that its caller holds", async () => {
  const [one, two] = [await world.server(), await world.server()];
  const { state } = await one.manager.createGame(newCounter(), facts);
  await two.manager.update(state.gameId, move("newer"));
  await one.manager.archiveToHistory(state.gameId, { outcome: draw, state });
  const replay = JSON.parse((await world.store.readReplay(state.gameId))?.replay ?? "");
  expect(replay.finalState.moves).toEqual(["newer"]);
});

test("what was sealed and not archived takes no writes, and anybody finishes it with the sealed outcome", async () => {
  const [one, two] = [await world.server(), await world.server()];
  const { gameId } = (await one.manager.createGame(newCounter(), facts)).state;
  one.store.on("archive", away());
  await expect(one.manager.endGame(gameId, aliceWins)).rejects.toMatchObject({
    code: "StoreUnavailable",
    details: { fate: "unknown" },
  });
  await expect(two.manager.update(gameId, move("late"))).rejects.toMatchObject({ code: "GameEnded" });
  expect(await two.manager.loadState(gameId)).toMatchObject({ status: "ended" });
  expect(await two.manager.endGame(gameId, draw)).toMatchObject({ winners: [alice], outcome: aliceWins });
});

test("an archive whose reply was lost is found in history", async () => {
  const { manager, store } = await world.server();
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  store.on("archive", loseReply(), 1);
  await expect(manager.endGame(gameId, aliceWins)).rejects.toMatchObject({ code: "StoreUnavailable" });
  expect(await manager.endGame(gameId, draw)).toMatchObject({ winners: [alice] });
  expect(await world.cache.exists(gameId)).toBe(false);
});

test.each([
  ["the cache", "CacheUnavailable"],
  ["the store", "StoreUnavailable"],
] as const)("an end that fails at %s once its seal was made leaves as unknown", async (_side, code) => {
  const { manager, cache, store } = await world.server();
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  // So long a log does not come with the seal's answer, but after it.
  await manager.update(gameId, longLog);
  const failAfterwards = followedBy(async () => {
    if (code === "CacheUnavailable") return cache.on("claimGame", away(), 1);
    await world.loseCache();
    store.on("load", away(), 1);
  });
  cache.on("seal", failAfterwards, 1);
  await expect(manager.endGame(gameId, draw)).rejects.toMatchObject({ code, details: { fate: "unknown" } });
  expect(await manager.endGame(gameId, draw)).toMatchObject({ outcome: { endReason: "draw" } });
});

test("a wasted load between seal and archive is adopted", async () => {
  const { manager, store } = await world.server();
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  store.on(
    "archive",
    precededBy(() => world.store.load(gameId)),
    1,
  );
  expect(await manager.endGame(gameId, aliceWins)).toMatchObject({ winners: [alice] });
});

test("a seal that the cache lost before its archive is made again", async () => {
  const { manager, store } = await world.server();
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  store.on(
    "archive",
    precededBy(async () => {
      await world.loseCache();
      await (await world.server()).manager.update(gameId, move("played on"), { durability: "durable" });
    }),
    1,
  );
  expect(await manager.endGame(gameId, aliceWins)).toMatchObject({ winners: [alice] });
  expect(JSON.parse((await world.store.readReplay(gameId))?.replay ?? "").finalState.moves).toEqual(["played on"]);
});

test("unknown and deleted games cannot be ended", async () => {
  const { manager } = await world.server();
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  await manager.deleteGame(gameId);
  await expect(manager.endGame(gameId, draw)).rejects.toMatchObject({ code: "GameGone" });
  await expect(manager.endGame(crypto.randomUUID(), draw)).rejects.toMatchObject({ code: "GameNotFound" });
});

test("an archive writes the replay's extra fields, and twice is once", async () => {
  const { manager } = await world.server();
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  const first = await manager.archiveToHistory(gameId, { outcome: aliceWins, replayData: { arena: "north" } });
  expect(first).toMatchObject({ success: true, gameId, turnCount: 1, gameType: "ranked" });
  expect(await manager.archiveToHistory(gameId, { outcome: draw })).toEqual(first);
  expect(JSON.parse((await world.store.readReplay(gameId))?.replay ?? "").arena).toBe("north");
});

test("an archive reports replay data that history lacks, since another process archived the game first", async () => {
  const [one, two] = [await world.server(), await world.server()];
  const replayData = { ratingChange: 17, seats: [alice, bob] };
  const archive = (gameId: string) => one.manager.archiveToHistory(gameId, { outcome: draw, replayData });
  const [lost, kept] = [newCounter(), newCounter()];
  for (const state of [lost, kept]) await one.manager.createGame(state, facts);
  one.store.on(
    "archive",
    precededBy(() => two.manager.endGame(lost.gameId, draw)),
    1,
  );
  expect(await archive(lost.gameId)).toMatchObject({ success: true, replayDataKept: false });
  expect(one.logs.filter(({ level }) => level === "warn")).toMatchObject([{ fields: { gameId: lost.gameId } }]);
  expect(await one.manager.archiveToHistory(lost.gameId, { outcome: draw })).toMatchObject({ replayDataKept: true });

  one.store.on("archive", loseReply(), 1);
  await expect(archive(kept.gameId)).rejects.toMatchObject({ details: { fate: "unknown" } });
  expect(await archive(kept.gameId)).toMatchObject({ replayDataKept: true });
  const other = { outcome: draw, replayData: { ...replayData, ratingChange: 18 } };
  expect(await two.manager.archiveToHistory(kept.gameId, other)).toMatchObject({ replayDataKept: false });
});

test("without an active row history is written from the given state, incomplete, with a warning", async () => {
  const { manager, logs } = await world.server();
  const state = newCounter(undefined, { turn: 7, players: [alice, "npc:ogre"] });
  const result = await manager.archiveToHistory(state.gameId, { outcome: draw, state });
  expect(result).toMatchObject({ success: true, gameType: "unknown", turnCount: 7 });
  expect(await world.store.findHistory(state.gameId)).toMatchObject({
    incomplete: true,
    playerIds: [alice],
    npcId: "ogre",
  });
  expect(logs.filter(({ level }) => level === "warn")).toHaveLength(1);
  expect(await manager.archiveToHistory(state.gameId, { outcome: draw })).toEqual(result);
  const without = await manager.archiveToHistory(crypto.randomUUID(), { outcome: draw });
  expect(without).toMatchObject({ gameType: "unknown", turnCount: 0, durationSeconds: 0 });
});

test("a deleted game gets no history", async () => {
  const { manager } = await world.server();
  const state = newCounter();
  await manager.createGame(state, facts);
  await manager.deleteGame(state.gameId);
  await expect(manager.archiveToHistory(state.gameId, { outcome: draw, state })).rejects.toMatchObject({
    code: "GameGone",
  });
  expect(await world.store.findHistory(state.gameId)).toBeNull();
});

test("in a caller's transaction the archive follows its commit, and a rollback leaves the game live, with all its writes", async () => {
  const { manager } = await world.server();
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  await manager.update(gameId, move("unflushed"));
  const rollback = new Error("rolled back");
  const attempt = world.transaction(async (transaction) => {
    await manager.archiveToHistory(gameId, { outcome: aliceWins, transaction });
    throw rollback;
  });
  await expect(attempt).rejects.toBe(rollback);
  expect(await world.store.status(gameId)).not.toBe("archived");
  expect(await manager.cacheExists(gameId)).toBe(true);
  expect((await manager.update(gameId, move("goes on"))).state.moves).toEqual(["unflushed", "goes on"]);
  const events: string[] = [];
  for (const event of ["state:ended", "state:archived"] as const) manager.events.on(event, () => events.push(event));
  await world.transaction(async (transaction) => {
    await manager.archiveToHistory(gameId, { outcome: draw, transaction });
    expect(await manager.cacheExists(gameId)).toBe(true);
    expect(events).toEqual([]);
  });
  expect(events).toEqual(["state:ended", "state:archived"]);
  expect(await manager.cacheExists(gameId)).toBe(false);
  expect(await world.store.findHistory(gameId)).toMatchObject({ outcome: draw, incomplete: false });
  expect((await world.store.readReplay(gameId))?.replay).toContain("goes on");
});

test("an end in a caller's transaction waits for nobody, and takes the row where the copy is a fork", async () => {
  const { manager } = await world.server();
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  await manager.update(gameId, move("unflushed"));
  const rollback = new Error("rolled back");
  const attempt = world.transaction(async (transaction) => {
    await manager.deleteGame(gameId, { transaction });
    await expect(manager.endGame(gameId, draw, { transaction })).rejects.toMatchObject({ code: "GameGone" });
    throw rollback;
  });
  await expect(attempt).rejects.toBe(rollback);
  expect((await manager.loadState(gameId))?.state.moves).toEqual(["unflushed"]);

  const forked = (await manager.createGame(newCounter(), facts)).state.gameId;
  await world.transaction(async (transaction) => {
    const state = JSON.stringify(newCounter(forked, { moves: ["the store's"] }));
    await world.store.overwrite(
      {
        gameId: forked,
        baseRevision: "1",
        state,
        schemaVersion: 1,
        turnNumber: 1,
        dueAt: null,
        writeId: "overwrite-1",
      },
      { transaction },
    );
  });
  await world.transaction((transaction) => manager.endGame(forked, draw, { transaction }));
  expect(await manager.getLog(forked)).toEqual([]);
  expect((await world.store.readReplay(forked))?.replay).toContain("the store's");
});

test("a game that a transaction wrote and a game that is over within it are ended in the same transaction", async () => {
  const { manager } = await world.server();
  const [one, two] = [newCounter(), newCounter()];
  await manager.createGame(one, facts);
  await manager.createGame(two, facts);
  await world.transaction(async (transaction) => {
    await manager.update(one.gameId, move("in it"), { transaction });
    await manager.endGame(one.gameId, aliceWins, { transaction });
    expect(await manager.update(two.gameId, win, { transaction })).toMatchObject({ status: "ended" });
  });
  for (const { gameId } of [one, two]) {
    expect(await world.store.findHistory(gameId)).toMatchObject({ outcome: aliceWins });
    expect(await manager.loadState(gameId)).toBeNull();
  }
});

test("history that is written without a row is announced with its commit, and never after a rollback", async () => {
  const { manager } = await world.server();
  const archived: string[] = [];
  manager.events.on("state:archived", ({ gameId }) => archived.push(gameId));
  const [kept, undone] = [crypto.randomUUID(), crypto.randomUUID()];
  const archive = (gameId: string, transaction: object) =>
    manager.archiveToHistory(gameId, { outcome: aliceWins, transaction: transaction as never });
  await world.transaction(async (transaction) => {
    await archive(kept, transaction);
    expect(archived).toEqual([]);
  });
  const rolledBack = world.transaction(async (transaction) => {
    await archive(undone, transaction);
    throw new Error("rolled back");
  });
  await expect(rolledBack).rejects.toThrow("rolled back");
  expect(archived).toEqual([kept]);
});

test("a sealed game that history cannot keep is quarantined, whole", async () => {
  const { manager, store } = await world.server();
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  const refuses: Fault = () =>
    Promise.reject(new TurnkeepError("InvalidInput", "it cannot be kept", { issues: ["SQLSTATE 22P05"] }));
  store.on("archive", refuses);
  const reasons: string[] = [];
  manager.events.on("state:quarantined", ({ reason }) => reasons.push(reason));
  await expect(manager.update(gameId, win)).rejects.toMatchObject({ code: "GameQuarantined" });
  expect(reasons).toEqual(["SQLSTATE 22P05"]);
  expect(await world.store.status(gameId)).toBe("quarantined");
  expect(await world.cache.exists(gameId)).toBe(false);
});

test("the same end sent twice at once is applied once, also where its archive overtakes the second", async () => {
  const [one, two] = [await world.server(), await world.server()];
  const { gameId } = (await one.manager.createGame(newCounter(), facts)).state;
  one.store.on("archive", away(), 1);
  const writeId = "the-winning-move";
  await expect(one.manager.update(gameId, win, { writeId })).rejects.toMatchObject({ code: "StoreUnavailable" });
  two.cache.on(
    "claimGame",
    precededBy(() => one.manager.endGame(gameId, draw)),
    1,
  );
  const again = await two.manager.update(gameId, win, { writeId });
  expect(again).toMatchObject({ duplicate: true, status: "ended", durability: "durable" });
});
