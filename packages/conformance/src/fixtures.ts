import { type GameId, type Outcome, parseVersion, systemRuntime, type Version } from "@turnkeep/core";
import type {
  ActiveGame,
  Cache,
  CreateReply,
  FlushItem,
  LoadReply,
  NewGame,
  ReadReply,
  SealRequest,
  UnflushedCopy,
  WriteReply,
  WriteRequest,
} from "@turnkeep/core/ports";

/* What the suites put into caches and stores; adapters' own tests may use it too. */

/** For `vi.waitFor` and `expect.poll`: what is sure to come may be late on a slow machine. */
export const patience = { timeout: 60_000, interval: 5 };

export const newGameId = (): GameId => systemRuntime.randomId();
export const newWriteId = (): string => systemRuntime.randomId();

/** The version that this text writes, such as `20.5`. */
export const version = (text: string): Version => parseVersion(text);

/** A higher decimal text. */
export const above = (decimal: string, by = 1): string => String(BigInt(decimal) + BigInt(by));

export const outcome: Outcome = {
  endReason: "knockout",
  winnerIds: ["one"],
  winnerIsNpc: false,
};

/** A row as a store would give it to a cache: at 10.5, freshly fenced with 20, its log four entries long. */
export function rowOf(gameId: GameId, changes: Partial<ActiveGame> = {}): ActiveGame {
  return {
    gameId,
    status: "live",
    version: version("10.5"),
    fence: "20",
    state: '{"from":"row","empty":[]}',
    schemaVersion: 3,
    turnNumber: 7,
    dueAt: 700,
    logCount: 4,
    writeIds: "row-write@10.5",
    outcome: null,
    lastActionAt: 1_700_000_000_000,
    gameType: "ranked",
    playerIds: ["one", "two"],
    npcId: null,
    rules: '{"deck":60}',
    rulesVersion: 3,
    metadata: null,
    metadataVersion: "0",
    startedAt: 1_699_999_000_000,
    ...changes,
  };
}

/** A write over this version, with one log entry, due in a minute. */
export function writeOf(expected: Version, changes: Partial<WriteRequest> = {}): WriteRequest {
  return {
    expected,
    writeId: newWriteId(),
    state: `{"after":"${expected}"}`,
    entries: [`{"from":"${expected}"}`],
    turnNumber: 8,
    dueAt: 800,
    schemaVersion: 3,
    flushWithinMs: 60_000,
    maxDirtyGames: 0,
    ...changes,
  };
}

export function sealOf(expected: Version, changes: Partial<SealRequest> = {}): SealRequest {
  return { ...writeOf(expected), outcome, dueAt: null, ...changes };
}

/** A game that a store has not seen. */
export function newGameOf(gameId: GameId, changes: Partial<NewGame> = {}): NewGame {
  return {
    gameId,
    state: `{"gameId":"${gameId}","moves":[]}`,
    schemaVersion: 1,
    turnNumber: 0,
    dueAt: 500,
    writeId: newWriteId(),
    gameType: "ranked",
    playerIds: ["one", "two"],
    npcId: null,
    rules: '{"deck":60}',
    rulesVersion: 3,
    ...changes,
  };
}

/** What a cache that was filled with this row would flush after one more write, with one entry. */
export function nextOf(
  row: (ActiveGame & { readonly base?: Version }) | UnflushedCopy,
  changes: Partial<FlushItem> = {},
): FlushItem {
  const [lineage = "", revision = ""] = row.version.split(".");
  const made = version(`${lineage}.${above(revision)}`);
  return {
    gameId: row.gameId,
    status: "live",
    version: made,
    fence: row.fence,
    base: row.base ?? row.version,
    state: `{"at":"${made}"}`,
    schemaVersion: row.schemaVersion,
    turnNumber: row.turnNumber + 1,
    dueAt: 900,
    logCount: row.logCount + 1,
    writeIds: `${newWriteId()}@${made}`,
    outcome: null,
    lastActionAt: row.lastActionAt,
    entries: [`{"made":"${made}"}`],
    ...changes,
  };
}

/** The same, sealed. */
export function sealedOf(
  row: (ActiveGame & { readonly base?: Version }) | UnflushedCopy,
  changes: Partial<FlushItem> = {},
): FlushItem {
  return nextOf(row, { status: "ended", outcome, dueAt: null, ...changes });
}

/** The row as the cache would serve it once installed: its lineage is its fence, and grew from the row's version. */
export function installed(row: ActiveGame): ActiveGame & { readonly base: Version } {
  return { ...row, base: row.version, version: version(`${row.fence}.${row.version.split(".")[1]}`) };
}

/* What must have happened for a test to go on. */

/** The version that a write made. */
export function madeBy(reply: WriteReply): Version {
  if (reply.kind !== "ok") throw new Error(`the write was answered with ${reply.kind}`);
  return reply.version;
}

export function createdBy(reply: CreateReply): ActiveGame {
  if (reply.kind !== "created") throw new Error(`the creation was answered with ${reply.kind} ${reply.status}`);
  return reply.game;
}

export function rowIn(reply: LoadReply): ActiveGame {
  if (reply.kind !== "row") throw new Error(`the store answered with ${reply.kind}`);
  return reply.game;
}

export function hitIn(reply: ReadReply): Extract<ReadReply, { kind: "hit" }>["copy"] {
  if (reply.kind !== "hit") throw new Error(`the cache answered with ${reply.kind}`);
  return reply.copy;
}

export async function copyIn(cache: Cache, gameId: GameId): Promise<UnflushedCopy> {
  const copy = await cache.claimGame(gameId);
  if (copy === null) throw new Error("the cache serves no copy");
  return copy;
}

/** Fills the cache with the row, as a load does; the version that is served then. */
export async function install(cache: Cache, row: ActiveGame): Promise<Version> {
  const token = newWriteId();
  await cache.read(row.gameId, { token });
  const reply = await cache.install(row.gameId, token, row);
  if (reply.kind !== "ok") throw new Error(`the install was answered with ${reply.kind}`);
  return reply.version;
}

/** A served copy at 20.5, clean. */
export async function cleanGame(cache: Cache, changes: Partial<ActiveGame> = {}) {
  const gameId = changes.gameId ?? newGameId();
  const at = await install(cache, rowOf(gameId, changes));
  return { gameId, at };
}

/** A served copy at 20.6 with one unflushed log entry, the fifth; due in a minute, unless said otherwise. */
export async function dirtyGame(cache: Cache, changes: Partial<WriteRequest> = {}) {
  const { gameId, at } = await cleanGame(cache);
  return { gameId, at: madeBy(await cache.write(gameId, writeOf(at, changes))) };
}
