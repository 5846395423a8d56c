import { away, precededBy } from "@turnkeep/conformance";
import { draw, facts, move, newCounter } from "@turnkeep/conformance/counter-game";
import type { JsonValue } from "@turnkeep/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openWorld, type World } from "../test/support/world.js";

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

type Seats = { readonly [seat: string]: string };
const seatsOf = (metadata: JsonValue | null) => (metadata ?? {}) as Seats;
const sit = (seat: string, name: string) => (metadata: JsonValue | null) => ({ ...seatsOf(metadata), [seat]: name });

test("metadata changes beside the state: no new version, no log, no turn; every reader has it, and it is frozen", async () => {
  const [one, two] = [await world.server(), await world.server()];
  const { state, version, metadata } = await one.manager.createGame(newCounter(), { ...facts, metadata: { 0: "ada" } });
  const { gameId } = state;
  expect(metadata).toEqual({ 0: "ada" });
  await two.manager.loadState(gameId);
  const updated = await one.manager.updateMetadata(gameId, sit("1", "bob"));
  expect(updated).toMatchObject({ metadata: { 0: "ada", 1: "bob" }, written: true });
  for (const { manager } of [one, two]) {
    const loaded = await manager.loadState(gameId);
    expect(loaded).toMatchObject({ version, metadata: updated.metadata, metadataVersion: updated.metadataVersion });
    expect(Object.isFrozen(loaded?.metadata)).toBe(true);
  }
  expect(await two.manager.loadFromDb(gameId)).toMatchObject({ metadata: updated.metadata });
  expect(await two.manager.updateMetadata(gameId, (same) => same)).toMatchObject({ written: false });
  expect(await one.manager.getLog(gameId)).toEqual([]);
  await two.manager.update(gameId, move("a"));
  expect(await two.manager.loadFromCache(gameId)).toMatchObject({
    metadata: updated.metadata,
    state: { moves: ["a"] },
  });
});

test("two joins at once keep both seats", async () => {
  const [one, two] = [await world.server(), await world.server()];
  const { gameId } = (await one.manager.createGame(newCounter(), facts)).state;
  await two.manager.loadState(gameId);
  one.store.on(
    "setMetadata",
    precededBy(() => two.manager.updateMetadata(gameId, sit("1", "bob"))),
    1,
  );
  await one.manager.updateMetadata(gameId, sit("0", "ada"));
  expect((await two.manager.loadState(gameId))?.metadata).toEqual({ 0: "ada", 1: "bob" });
  await Promise.all(
    Array.from({ length: 12 }, (_, n) => (n % 2 ? one : two).manager.updateMetadata(gameId, sit(`${n}`, "x"))),
  );
  expect(Object.keys(seatsOf((await one.manager.loadState(gameId))?.metadata ?? null))).toHaveLength(12);
});

test("what is acknowledged is read by all: a load under way brings back nothing older, nor does a cache that is lost or rewound", async () => {
  const [one, two] = [await world.server(), await world.server()];
  const { gameId } = (await one.manager.createGame(newCounter(), { ...facts, metadata: { 0: "ada" } })).state;
  const rewind = world.backUpCache();
  await one.manager.deleteFromCache(gameId);
  two.cache.on(
    "install",
    precededBy(() => one.manager.updateMetadata(gameId, sit("1", "bob"))),
    1,
  );
  await two.manager.loadState(gameId);
  const both = { 0: "ada", 1: "bob" };
  for (const lose of [
    async () => undefined,
    async () => rewind(),
    () => world.loseCache(),
    async () => world.failover(),
  ]) {
    await lose();
    for (const { manager } of [two, one]) expect((await manager.loadState(gameId))?.metadata).toEqual(both);
  }
});

test("a change that the cache did not learn of is not acknowledged; the next one builds on it", async () => {
  const { manager, cache } = await world.server();
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  cache.on("setMetadata", away(), 1);
  await expect(manager.updateMetadata(gameId, sit("0", "ada"))).rejects.toMatchObject({ details: { fate: "unknown" } });
  await manager.updateMetadata(gameId, sit("1", "bob"));
  expect((await manager.loadState(gameId))?.metadata).toEqual({ 0: "ada", 1: "bob" });
});

test("it goes into history with its game, whose replays show it to no viewer; then it changes no more", async () => {
  const { manager } = await world.server();
  const { gameId } = (await manager.createGame(newCounter(), { ...facts, metadata: { credentials: "s3cret" } })).state;
  await manager.endGame(gameId, draw);
  expect((await manager.getReplayStates(gameId))?.metadata).toEqual({ credentials: "s3cret" });
  expect(JSON.stringify(await manager.getReplay(gameId, "spectator"))).not.toContain("s3cret");
  await expect(manager.updateMetadata(gameId, () => ({}))).rejects.toMatchObject({ code: "GameEnded" });
  await expect(manager.updateMetadata(crypto.randomUUID(), () => ({}))).rejects.toMatchObject({ code: "GameNotFound" });
});

test("it is small, and JSON", async () => {
  const { manager } = await world.server();
  const { gameId } = (await manager.createGame(newCounter(), facts)).state;
  const large = manager.updateMetadata(gameId, () => "x".repeat(16_384));
  await expect(large).rejects.toMatchObject({ code: "StateTooLarge", details: { maxBytes: 16_384 } });
  await expect(manager.updateMetadata(gameId, () => ({ seats: Number.NaN }))).rejects.toMatchObject({
    code: "InvalidState",
  });
  await expect(manager.updateMetadata(gameId, (() => undefined) as never)).rejects.toMatchObject({
    code: "InvalidInput",
  });
  const created = manager.createGame(newCounter(), { ...facts, metadata: "x".repeat(20_000) });
  await expect(created).rejects.toMatchObject({ code: "StateTooLarge" });
  expect((await manager.loadState(gameId))?.metadata).toBeNull();
});

test("who watches a game learns of its metadata", async () => {
  const [one, two] = [await world.server(), await world.server()];
  const { gameId } = (await one.manager.createGame(newCounter(), facts)).state;
  const stop = new AbortController();
  const seen = two.manager.watch(gameId, { signal: stop.signal })[Symbol.asyncIterator]();
  expect((await seen.next()).value).toMatchObject({ metadata: null });
  await one.manager.updateMetadata(gameId, sit("0", "ada"));
  expect((await seen.next()).value).toMatchObject({ metadata: { 0: "ada" } });
  stop.abort();
});
