import { away, createGate, type Interceptable, interceptable, loseReply } from "@turnkeep/conformance";
import { TurnkeepError } from "@turnkeep/core";
import type { Cache, Store } from "@turnkeep/core/ports";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type BoardgameStorage, createBoardgameStorage } from "./storage.js";
import { inMemory, type Place } from "./testing/places.js";
import { entryOf, newMetadata, stateAfter } from "./testing/storage-suite.js";

const everything = { state: true, metadata: true, log: true, initialState: true } as const;

let place: Place;
let cache: Interceptable<Cache>;
let store: Interceptable<Store>;
let db: BoardgameStorage;
const errors: unknown[] = [];

beforeEach(async () => {
  place = inMemory();
  const stores = place.stores();
  cache = interceptable(stores.cache);
  store = interceptable(stores.store);
  errors.length = 0;
  db = createBoardgameStorage({
    cache: cache.port,
    store: store.port,
    onError: (error) => errors.push(error),
    advanced: { breakAfterFailures: 0 },
  });
  await db.connect();
  await db.createMatch("m", { initialState: stateAfter(0), metadata: newMetadata() });
});
afterEach(() => db.close());

test("while the cache is away calls wait, and a move whose reply is lost is kept once", async () => {
  cache.on("write", away(), 3);
  await db.setState("m", stateAfter(1), [entryOf(0)]);
  cache.on("write", loseReply(), 1);
  await db.setState("m", stateAfter(2), [entryOf(1)]);
  cache.on("read", away(), 2);
  expect(await db.fetch("m", everything)).toMatchObject({ state: stateAfter(2), log: [entryOf(0), entryOf(1)] });
  expect(errors).toEqual([]);
});

test("while the store is away a new turn waits for it, a match is created later, and a list too", async () => {
  const turned = stateAfter(1, { turn: 1 });
  store.on("flush", away("unknown"), 2);
  await db.setState("m", turned, [entryOf(0)]);
  store.on("create", away("unknown"), 2);
  await db.createMatch("n", { initialState: stateAfter(0), metadata: newMetadata() });
  store.on("listActive", away(), 1);
  expect((await db.listMatches()).toSorted()).toEqual(["m", "n"]);
  store.on("remove", away(), 1);
  await db.wipe("n");
  expect(await db.listMatches()).toEqual(["m"]);
  expect(errors).toEqual([]);
});

test("a finished match is wiped with what came afterwards, also where the server dies between the two", async () => {
  const over = stateAfter(1, { gameover: { winner: "0" } });
  await db.setState("m", over, [entryOf(0)]);
  const { metadata } = await db.fetch("m", { metadata: true });
  await db.setMetadata("m", { ...metadata, nextMatchID: "n" });
  let removals = 0;
  const dying = createGate();
  store.on("remove", (call, port) => {
    removals += 1;
    if (removals === 1) return call();
    dying.open();
    return away()(call, port);
  });
  const wiping = db.wipe("m");
  await dying.opened;
  await db.close();
  await wiping;
  const next = createBoardgameStorage({ ...place.stores(), onError: (error) => errors.push(error) });
  await next.connect();
  await next.wipe("m");
  expect(await next.fetch("m", everything)).toEqual({});
  await next.close();
  const { store: left } = place.stores();
  await left.start();
  expect(await left.inspect({ after: null, limit: 10 })).toEqual([]);
  await left.close();
});

test("to wipe a match that is played warns of nothing", async () => {
  const warned: unknown[] = [];
  const warn = (...what: unknown[]) => warned.push(what);
  const logger = { debug: () => undefined, info: () => undefined, warn, error: warn };
  const logged = createBoardgameStorage({ ...place.stores(), logger });
  await logged.connect();
  await logged.wipe("m");
  await logged.close();
  expect(warned).toEqual([]);
});

test("a call that waits for a store is given up at the close, and reported", async () => {
  const tried = createGate();
  cache.on("write", () => {
    tried.open();
    return away()(async () => undefined, cache.port);
  });
  const waiting = db.setState("m", stateAfter(1), [entryOf(0)]);
  await tried.opened;
  await db.close();
  await waiting;
  expect(errors).toMatchObject([{ code: "CacheUnavailable" }]);
});

test("before it is connected and after its close nothing is thrown, and nothing is done", async () => {
  await db.close();
  const reported = [
    db.setState("m", stateAfter(1)),
    db.setMetadata("m", newMetadata(2)),
    db.createMatch("n", { initialState: stateAfter(0), metadata: newMetadata() }),
    db.wipe("m"),
  ];
  await Promise.all(reported);
  expect(await db.fetch("m", everything)).toEqual({});
  expect(await db.listMatches()).toEqual([]);
  // What is set at once is one write.
  expect(errors.length).toBe(5);
  for (const error of errors) expect(error).toMatchObject({ code: "NotRunning" });
});

test("what cannot be connected is thrown at the start", async () => {
  const stores = inMemory().stores();
  const start = async () =>
    Promise.reject(new TurnkeepError("CacheUnavailable", "it does not answer", { fate: "notDone" }));
  Object.defineProperty(stores.cache, "start", { value: start });
  const broken = createBoardgameStorage(stores);
  await expect(broken.connect()).rejects.toMatchObject({ code: "CacheUnavailable" });
});

test("an onError that throws ends nothing", async () => {
  const fragile = createBoardgameStorage({
    ...place.stores(),
    onError: () => {
      throw new Error("of the listener");
    },
  });
  await fragile.setState("m", stateAfter(1));
  await fragile.close();
});
