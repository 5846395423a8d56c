import type { Page, PageRequest, Store } from "@turnkeep/core/ports";
import { describe, expect, test } from "vitest";
import { newGameId } from "../../fixtures.js";
import { allPages, archived, createGame, gameThatIs } from "../scenes.js";
import type { StoreBench } from "../store-under-test.js";

interface Listed {
  readonly gameId: string;
  readonly playerIds: readonly string[];
  readonly startedAt?: number;
  readonly endedAt?: number;
}

/** A listing for a player, and how a game comes into it. */
interface Listing {
  readonly operation: "listActive" | "listHistory";
  readonly add: (store: Store, playerIds: readonly string[]) => Promise<string>;
}

const listings: readonly Listing[] = [
  { operation: "listActive", add: async (store, playerIds) => (await createGame(store, { playerIds })).gameId },
  {
    operation: "listHistory",
    add: async (store, playerIds) => (await archived(store, await createGame(store, { playerIds }))).gameId,
  },
];

const idsOf = (items: readonly Listed[]) => items.map(({ gameId }) => gameId);

export function listingByPlayerTests(bench: () => StoreBench): void {
  describe.each(listings)("$operation", ({ operation, add }) => {
    const lister =
      (store: Store, player: string) =>
      async (page: PageRequest): Promise<Page<Listed>> =>
        store[operation](player, page);
    async function addMany(store: Store, count: number): Promise<{ player: string; ids: string[] }> {
      const player = newGameId();
      const ids: string[] = [];
      for (let n = 0; n < count; n += 1) ids.push(await add(store, n % 2 === 0 ? [player, "two"] : ["one", player]));
      return { player, ids };
    }

    test.each([1, 2, 3, 7, 50])("gives all of a player's games once, newest first, in pages of %d", async (limit) => {
      const { store, other } = bench();
      const { player, ids } = await addMany(store, 7);
      const items = await allPages(lister(other, player), limit);
      expect(idsOf(items).sort()).toEqual([...ids].sort());
      const times = items.map(({ startedAt, endedAt }) => endedAt ?? startedAt ?? 0);
      expect(times).toEqual([...times].sort((a, b) => b - a));
    });

    test("is not disturbed by games that come in between two pages", async () => {
      const { store } = bench();
      const { player, ids } = await addMany(store, 5);
      const first = await store[operation](player, { limit: 2 });
      const added = [await add(store, [player]), await add(store, [player])];
      const rest = await allPages(
        ({ after, limit = 2 }) => lister(store, player)({ limit, after: after ?? first.next }),
        2,
      );
      const seen = [...idsOf(first.items), ...idsOf(rest)];
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen).toEqual(expect.arrayContaining(ids));
      expect([...ids, ...added]).toEqual(expect.arrayContaining(seen));
    });

    test("is empty for a player without games", async () => {
      const { store } = bench();
      expect(await store[operation](newGameId(), {})).toEqual({ items: [], next: null });
    });

    test("takes player ids as they are, and finds a player in two seats once", async () => {
      const { store } = bench();
      const suffix = newGameId();
      const longest = "🐢".repeat(128 - suffix.length);
      for (const name of ["npc:{a,b}", "'; --", 'with "quotes" \\', "żółw 👩‍👩‍👧", "", "100%_", "NULL", longest]) {
        const player = `${name}${suffix}`;
        const gameId = await add(store, [player, player]);
        const { items } = await store[operation](player, {});
        expect(idsOf(items)).toEqual([gameId]);
        expect(items[0]?.playerIds).toEqual([player, player]);
      }
      expect((await store[operation](suffix, {})).items).toHaveLength(1);
    });

    test("refuses a page of no, half or less than no games", async () => {
      const { store } = bench();
      const { player } = await addMany(store, 1);
      for (const limit of [0, -1, 1.5, Number.NaN]) {
        await expect(store[operation](player, { limit })).rejects.toMatchObject({ code: "InvalidInput" });
      }
    });

    test("refuses a cursor that no page gave", async () => {
      const { store } = bench();
      const { player } = await addMany(store, 3);
      const { next } = await store[operation](player, { limit: 1 });
      if (next === null) throw new Error("there are more");
      const mixed = next.split("").reverse().join("");
      for (const after of ["", "x", mixed, `${next}x`, "'; DROP TABLE games; --", "🐢"]) {
        await expect(store[operation](player, { after })).rejects.toMatchObject({ code: "InvalidInput" });
      }
    });

    test("gives 50 games unless asked for more, and 500 at most", async () => {
      const { store } = bench();
      const player = newGameId();
      for (let tens = 0; tens < 51; tens += 1) {
        await Promise.all(Array.from({ length: 10 }, () => add(store, [player])));
      }
      expect((await store[operation](player, {})).items).toHaveLength(50);
      expect((await store[operation](player, { limit: 500 })).items).toHaveLength(500);
      const most = await store[operation](player, { limit: 1_000 });
      expect(most.items).toHaveLength(500);
      expect((await store[operation](player, { limit: 1_000, after: most.next })).items).toHaveLength(10);
    });
  });

  describe("listActive", () => {
    test("gives live and ended games as their rows are, but for states, rules and write ids", async () => {
      const { store } = bench();
      const player = newGameId();
      const { gameId } = await gameThatIs("ended", store, { playerIds: [player], npcId: "rival" });
      const row = await store.read(gameId);
      if (row.kind !== "row") throw new Error("the game is ended");
      const { state, writeIds, rules, metadata: _m, metadataVersion: _v, ...summary } = row.game;
      expect((await store.listActive(player, {})).items).toEqual([summary]);
    });
  });

  describe("listHistory", () => {
    test("gives the records, without replays", async () => {
      const { store } = bench();
      const player = newGameId();
      const { gameId } = await gameThatIs("archived", store, { playerIds: [player] });
      expect((await store.listHistory(player, {})).items).toEqual([await store.findHistory(gameId)]);
    });

    test("gives those of all players where none is named, newest first, each once", async () => {
      const { store, other } = bench();
      const ids: string[] = [];
      for (let n = 0; n < 5; n += 1) ids.push((await archived(store, await createGame(store))).gameId);
      const items = await allPages((page) => other.listHistory(null, page), 2);
      const own = idsOf(items).filter((gameId) => ids.includes(gameId));
      expect(new Set(idsOf(items)).size).toBe(items.length);
      expect([...own].sort()).toEqual([...ids].sort());
      const ends = items.map(({ endedAt }) => endedAt);
      expect(ends).toEqual([...ends].sort((a, b) => b - a));
    });
  });
}
