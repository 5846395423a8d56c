import type { GameId } from "@turnkeep/core";
import { expect, test, vi } from "vitest";
import { enforceDeadlines } from "./enforce-deadlines.js";
import { evictGone } from "./evict-gone.js";
import { expireStale } from "./expire-stale.js";
import { flushLeftovers } from "./flush-leftovers.js";
import { purgeHistory, purgeTombstones } from "./purge.js";
import { recoverGames } from "./recover-games.js";
import { reindexMissing } from "./reindex-missing.js";

const never = new AbortController().signal;
const ids = (count: number) => Array.from({ length: count }, (_, i) => `00000000-0000-4000-8000-00000000000${i}`);

/** Five ids in pages of two. */
function pages() {
  const all = ids(5);
  return vi.fn(async ({ cursor, limit }: { cursor: string | null; limit: number }) => {
    const from = Number(cursor ?? 0);
    const next = from + limit < all.length ? String(from + limit) : null;
    return { gameIds: all.slice(from, from + limit), next };
  });
}

test("leftovers are flushed until nothing more is due", async () => {
  const rounds = [
    { written: 50, contained: 0, failed: 1 },
    { written: 0, contained: 3, failed: 0 },
  ];
  const flushDue = vi.fn(async () => rounds.shift() ?? { written: 0, contained: 0, failed: 0 });
  expect(await flushLeftovers({ flushDue }, 1).run(never)).toEqual({ done: 53, failed: 0 });
  expect(flushDue).toHaveBeenCalledTimes(3);
});

test("where flushes only fail, the round ends and says so", async () => {
  const flushDue = vi.fn(async () => ({ written: 0, contained: 0, failed: 7 }));
  expect(await flushLeftovers({ flushDue }, 1).run(never)).toEqual({ done: 0, failed: 7 });
  expect(flushDue).toHaveBeenCalledTimes(1);
});

test("only what the store calls gone is evicted", async () => {
  const gone = ids(5)[3] ?? "";
  const evict = vi.fn(async () => "ok" as const);
  const listGone = vi.fn(async (gameIds: readonly GameId[]) => gameIds.filter((id) => id === gone));
  expect(await evictGone({ scan: pages(), evict }, { listGone }, 1, 2).run(never)).toEqual({ done: 1, failed: 0 });
  expect(evict.mock.calls).toEqual([[gone, undefined, { signal: never }]]);
});

test("a sweep ends between two pages when it is aborted", async () => {
  const controller = new AbortController();
  const listGone = vi.fn(async () => {
    controller.abort();
    return [];
  });
  const evict = async () => "ok" as const;
  await evictGone({ scan: pages(), evict }, { listGone }, 1, 2).run(controller.signal);
  expect(listGone).toHaveBeenCalledTimes(1);
});

test("deadlines that were enforced count, and so do games that failed", async () => {
  const enforce = vi.fn(async () => ({ enforced: 3, failed: [{ gameId: "x", error: new Error("unreadable") }] }));
  expect(await enforceDeadlines(enforce, 1).run(never)).toEqual({ done: 3, failed: 1 });
  expect(enforce).toHaveBeenCalledWith(never);
});

test("recovery, the sweep for unflushed games, expiry and purge report what was done and what failed", async () => {
  const failed = [{ gameId: "x", error: new Error("unreadable") }];
  const recoverActiveGames = async () => ({ recovered: 4, alreadyThere: 2, failed, total: 7 });
  expect(await recoverGames({ recoverActiveGames }, 1, () => {}).run(never)).toEqual({ done: 4, failed: 1 });
  const expireStaleGames = vi.fn(async () => ({ expired: 2, failed }));
  expect(await expireStale({ expireStaleGames }, 1, 5_000).run(never)).toEqual({ done: 2, failed: 1 });
  expect(expireStaleGames).toHaveBeenCalledWith({ idleForMs: 5_000, signal: never });
  const findUnflushed = vi.fn(async () => 6);
  expect(await reindexMissing({ findUnflushed }, 1).run(never)).toEqual({ done: 6, failed: 0 });
  expect(findUnflushed).toHaveBeenCalledWith({ signal: never });
  const store = { purgeTombstones: vi.fn(async () => 9), purgeHistory: vi.fn(async () => 8) };
  expect(await purgeHistory(store, 1, 90_000).run(never)).toEqual({ done: 8, failed: 0 });
  expect(store.purgeHistory).toHaveBeenCalledWith(90_000, { signal: never });
  expect(await purgeTombstones(store, 1, 60_000).run(never)).toEqual({ done: 9, failed: 0 });
  expect(store.purgeTombstones).toHaveBeenCalledWith(60_000, { signal: never });
});
