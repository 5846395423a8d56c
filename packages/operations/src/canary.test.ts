import { fixtures } from "@turnkeep/conformance";
import type { GameId } from "@turnkeep/core";
import { createMemoryCache, createMemoryStore } from "@turnkeep/memory";
import { expect, test, vi } from "vitest";
import { canary } from "./canary.js";
import { type Counter, counterGame } from "./testing/counter-game.js";

const { createdBy, newGameId, newGameOf, sealedOf } = fixtures;

const stateOf = (gameId: GameId): string =>
  JSON.stringify({ gameId, schemaVersion: 1, turn: 1, count: 0, said: [], players: [] });

async function openSides() {
  const [cache, store] = [createMemoryCache(), createMemoryStore()];
  await Promise.all([cache.start(), store.start()]);
  const create = async (state?: string) => {
    const gameId = newGameId();
    return createdBy(await store.create(newGameOf(gameId, { state: state ?? stateOf(gameId) })));
  };
  return { cache, store, create };
}

test("each cursor that is reported leaves out no finished game that was not read yet", async () => {
  const { cache, store, create } = await openSides();
  const finished: GameId[] = [];
  for (let count = 0; count < 20; count += 1) {
    const row = await create();
    await store.archive({ copy: sealedOf(row) });
    finished.push(row.gameId);
  }
  const reads = vi.spyOn(store, "readReplay");
  const run = async (cursor: string | null, reported: (cursor: string, read: readonly GameId[]) => void) => {
    reads.mockClear();
    const read = () => reads.mock.calls.map(([gameId]) => gameId);
    const options = { replay: (state: Counter) => state, pageGames: 5, cursor };
    for await (const event of canary({ cache, store }, counterGame, options))
      if (event.kind === "progress" && event.progress.cursor !== null) reported(event.progress.cursor, read());
    return read();
  };
  const stops: { cursor: string; read: readonly GameId[] }[] = [];
  await run(null, (cursor, read) => stops.push({ cursor, read }));
  expect(stops.map(({ read }) => read.length)).toEqual([0, 8, 16]);
  for (const { cursor, read } of stops) {
    const rest = await run(cursor, () => undefined);
    expect([...read, ...rest].sort()).toEqual([...finished].sort());
  }
});

test("a document with the id of another game is unreadable, for that reason", async () => {
  const { cache, store, create } = await openSides();
  const { gameId } = await create(stateOf(newGameId()));
  const reasons: unknown[] = [];
  for await (const event of canary({ cache, store }, counterGame))
    if (event.kind === "unreadable") reasons.push([event.document.place, event.document.gameId, event.document.reason]);
  expect(reasons).toContainEqual(["row", gameId, "the document carries the id of another game"]);
});

test("games that began under rules which this version does not play are reported, and not replayed", async () => {
  const { cache, store, create } = await openSides();
  const [live, finished] = [await create(), await create()];
  await store.archive({ copy: { ...sealedOf(finished), state: stateOf(finished.gameId) } });
  const replay = vi.fn((state: Counter) => state);
  const found: unknown[] = [];
  for await (const event of canary({ cache, store }, counterGame, { replay }))
    if (event.kind === "unreadable") found.push([event.document.place, event.document.gameId, event.document.reason]);
  const reason = "it began under rules 3, and this version plays 1 to 1";
  expect(found).toEqual([
    ["row", live.gameId, reason],
    ["history", finished.gameId, reason],
  ]);
  expect(replay).not.toHaveBeenCalled();
});
