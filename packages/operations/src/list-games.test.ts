import { fixtures } from "@turnkeep/conformance";
import { createMemoryCache, createMemoryStore } from "@turnkeep/memory";
import { beforeAll, expect, test } from "vitest";
import { type GameFilter, type ListOptions, listGames } from "./list-games.js";

const { createdBy, newGameId, newGameOf, rowIn } = fixtures;
const [cache, store] = [createMemoryCache(), createMemoryStore()];
const [plain, dirty, other, ended, quarantined, deleted] = Array.from({ length: 6 }, newGameId).sort();

beforeAll(async () => {
  await Promise.all([cache.start(), store.start()]);
  for (const gameId of [plain, dirty, other, ended, quarantined, deleted] as string[]) {
    const change = gameId === other ? { gameType: "casual", playerIds: ["three"] } : {};
    createdBy(await store.create(newGameOf(gameId, change)));
  }
  const at = await fixtures.install(cache, rowIn(await store.load(dirty ?? "")));
  await cache.write(dirty ?? "", fixtures.writeOf(at));
  await store.flush([fixtures.sealedOf(fixtures.installed(rowIn(await store.load(ended ?? ""))))]);
  await store.quarantine(rowIn(await store.read(quarantined ?? "")), "no document", new Uint8Array(3));
  await store.remove(deleted ?? "");
});

async function listed(filter: GameFilter = {}, options: ListOptions = {}) {
  const ids: string[] = [];
  for await (const { gameId } of listGames({ cache, store }, filter, { pageGames: 2, ...options })) ids.push(gameId);
  return ids;
}

test("all games that are not over come by id, each once, page by page, or from one on", async () => {
  expect(await listed()).toEqual([plain, dirty, other, ended, quarantined]);
  expect(await listed({}, { after: other ?? null })).toEqual([ended, quarantined]);
});

test.each<[GameFilter, readonly unknown[]]>([
  [{ status: "ended" }, [ended]],
  [{ status: "quarantined" }, [quarantined]],
  [{ status: "live", dirty: true }, [dirty]],
  [{ status: "live", dirty: false }, [plain, other]],
  [{ playerId: "three" }, [other]],
  [{ gameType: "casual" }, [other]],
  [{ gameType: "casual", dirty: true }, []],
  [{ idleForMs: 3_600_000 }, []],
  [{ idleForMs: 0, status: "live" }, [plain, dirty, other]],
])("%j", async (filter, expected) => {
  expect(await listed(filter)).toEqual(expected);
});
