import { fixtures } from "@turnkeep/conformance";
import { type GameId, parseVersion, type Version } from "@turnkeep/core";
import type { Cache } from "@turnkeep/core/ports";
import fc from "fast-check";

const hour = 3_600_000;

/** One call of a cache, as data: which of two games, and the choices that its operation has. */
export interface CacheStep {
  readonly operation: (typeof operations)[number];
  readonly game: 0 | 1;
  /** A version that the call names: the current one, or one that may be stale, foreign, or never was. */
  readonly at: "current" | Version;
  readonly writeId: string;
  readonly token: string;
  readonly entries: readonly string[];
  readonly count: number;
  readonly fence: string;
  readonly soon: boolean;
}

const operations = [
  ...[
    "read",
    "begin",
    "beginPage",
    "install",
    "installPage",
    "fill",
    "fill",
    "fill",
    "write",
    "write",
    "write",
    "write",
    "seal",
    "claim",
    "claimGame",
  ],
  ...[
    "ack",
    "ack",
    "adopt",
    "reset",
    "evict",
    "evictVersion",
    "makeUnverified",
    "unverify",
    "dropMark",
    "reindex",
    "inspect",
    "exists",
    "backlog",
  ],
] as const;

const smallVersions = ["9", "10", "11", "12"].flatMap((lineage) =>
  ["5", "6", "7", "9", "10"].map((revision) => parseVersion(`${lineage}.${revision}`)),
);

export const cacheSteps = fc.array(
  fc.record<CacheStep>({
    operation: fc.constantFrom(...operations),
    game: fc.constantFrom(0, 1),
    at: fc.oneof({ weight: 3, arbitrary: fc.constant("current" as const) }, fc.constantFrom(...smallVersions)),
    writeId: fc.constantFrom("write-id-1", "write-id-2", "write-id-3", "write-id-4"),
    token: fc.constantFrom("one", "two"),
    entries: fc.array(fc.constantFrom('{"a":1}', '"é"', "2"), { maxLength: 2 }),
    count: fc.integer({ min: 0, max: 9 }),
    fence: fc.constantFrom("9", "10", "11", "12"),
    soon: fc.boolean(),
  }),
  { minLength: 10, maxLength: 40 },
);

/** A cache, and what a test does to it from outside. */
export interface CacheSide {
  readonly cache: Cache;
  readonly makeUnverified: (gameId: GameId) => Promise<void>;
  readonly dropMark: (gameId: GameId) => Promise<void>;
}

/** Does the step, and returns what it answered; times are left out, since every cache has a clock of its own. */
export async function take(side: CacheSide, step: CacheStep, games: readonly [GameId, GameId]): Promise<unknown> {
  const { cache } = side;
  const gameId = games[step.game];
  const served = await cache.read(gameId);
  const at = step.at === "current" ? (served.kind === "hit" ? served.copy.version : parseVersion("9.5")) : step.at;
  const row = fixtures.rowOf(gameId, {
    version: step.at === "current" ? parseVersion("10.6") : step.at,
    fence: step.fence,
    logCount: step.count,
    state: `{"row":"${step.fence}"}`,
    ...(step.soon && step.count > 7 ? { status: "ended", outcome: fixtures.outcome } : {}),
  });
  const flushWithinMs = step.soon ? 0 : hour;
  const { entries, writeId } = step;
  const turnNumber = step.count;
  const request = { writeId, entries, flushWithinMs, turnNumber, maxDirtyGames: step.count % 3, forFlush: step.soon };
  switch (step.operation) {
    case "read":
      return untimed(await cache.read(gameId, { known: at }));
    case "begin":
      return untimed(await cache.read(gameId, { token: step.token }));
    case "beginPage":
      return cache.readPage(games.map((game) => ({ gameId: game, token: step.token })));
    case "install":
      return cache.install(gameId, step.token, row);
    case "installPage":
      return cache.installPage(games.map((game) => ({ token: step.token, row: { ...row, gameId: game } })));
    case "fill":
      await cache.read(gameId, { token: step.token });
      return cache.install(gameId, step.token, row);
    case "write":
      return untimed(await cache.write(gameId, fixtures.writeOf(at, request)));
    case "seal":
      return untimed(await cache.seal(gameId, fixtures.sealOf(at, request)));
    case "claim":
      return claimAll(cache, step.soon);
    case "claimGame":
      return untimed(await cache.claimGame(gameId, { onlyDirty: step.soon, entries: step.count % 2 === 0 }));
    case "ack":
      return cache.ack(gameId, at, step.count);
    case "adopt":
      return cache.adopt(gameId, step.soon ? (at.split(".")[0] ?? "") : step.fence, step.fence);
    case "reset":
      return cache.reset(gameId, at.split(".")[0] ?? "", row);
    case "evict":
      return cache.evict(gameId);
    case "evictVersion":
      return cache.evict(gameId, at);
    case "unverify":
      return untimed(await cache.unverify(gameId));
    case "makeUnverified":
      return side.makeUnverified(gameId);
    case "dropMark":
      return side.dropMark(gameId);
    case "reindex":
      return cache.reindex(games);
    case "inspect":
      return untimed((await facts(cache, games)).sort((a, b) => (a.gameId < b.gameId ? -1 : 1)));
    case "exists":
      return cache.exists(gameId);
    case "backlog":
      return (await cache.backlog()).games;
    default:
      throw new Error(`no such step: ${step.operation}`);
  }
}

/** Gives both games a copy, as most calls want one. */
export async function fill({ cache }: CacheSide, games: readonly [GameId, GameId]): Promise<void> {
  for (const gameId of games) await fixtures.install(cache, fixtures.rowOf(gameId, { fence: "10" }));
}

/** What both games are like in the end, with all that a flusher would see. */
export async function look({ cache }: CacheSide, games: readonly [GameId, GameId]): Promise<unknown> {
  const copies = await Promise.all(games.map(async (gameId) => untimed(await cache.claimGame(gameId))));
  const reads = await Promise.all(games.map(async (gameId) => untimed(await cache.read(gameId))));
  return { copies, reads, due: await claimAll(cache, true), all: await claimAll(cache, false) };
}

async function claimAll(cache: Cache, onlyDue: boolean): Promise<unknown> {
  const claimed = await cache.claim({ limit: 100, hideMs: hour, dueWithinMs: onlyDue ? 0 : 3 * hour });
  const { copies, unverified, absent } = claimed;
  const byId = [...copies].sort((a, b) => (a.gameId < b.gameId ? -1 : 1));
  return { copies: untimed(byId), unverified: [...unverified].sort(), absent: [...absent].sort() };
}

function untimed(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (name, held) => (name === "lastActionAt" ? undefined : held));
}

async function facts(cache: Cache, games: readonly GameId[]) {
  const found = await cache.inspect(games, { states: true });
  return found.map(({ expiresInMs, flushAt, ...rest }) => {
    return { ...rest, isIndexed: flushAt !== null, isClean: expiresInMs !== null };
  });
}
