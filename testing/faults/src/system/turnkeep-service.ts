import { alice, bob, type Counter, draw, move, newCounter, nextTurn } from "@turnkeep/conformance/counter-game";
import { isTurnkeepError } from "@turnkeep/core";
import { createGameStateManager, type GameStateManager } from "@turnkeep/manager";
import { createRedisCache } from "@turnkeep/redis-cache";
import { createSqlStore } from "@turnkeep/sql-store";
import { randomId, until, wallClockMs } from "../clock.js";
import { type BadDeploy, definitionOf } from "./bad-deploys.js";
import { sweepOnce } from "./sweep-once.js";
import type { Endpoints, GameService, Names, WriteKind } from "./system.js";
import { withDaemon } from "./with-daemon.js";

/** A write-behind write is due in the store within this time. */
export const flushWithinMs = 500;

const largestState = 16 * 1_048_576;

/** How long a flusher that is silent keeps the games that it claimed from the others. */
export const claimHideMs = 1_000;

/** Names that no other run uses, in this or another process. */
export function turnkeepNames(of: string): Names {
  const name = `${of.replace(/[^a-z0-9]/g, "_").slice(0, 30)}_${randomId().slice(0, 8)}`;
  return { keyPrefix: `${name}:`, schema: name };
}

export interface ServiceOptions {
  /** What the server knows of the game, if that is wrong. */
  readonly deploy?: BadDeploy | undefined;
  readonly flusher?: boolean | undefined;
  /** The server is a daemon too, which holds its lease for so long. */
  readonly daemonLeaseMs?: number | undefined;
}

/**
 * One Turnkeep server on the real adapters, with short times, so that a fault and its end fit into seconds. On a busy
 * machine they may be too short for a connection: then the server is started again, as an operator would do.
 */
export async function openTurnkeepService(
  endpoints: Endpoints,
  names: Names,
  options: ServiceOptions = {},
): Promise<GameService> {
  let failure: unknown;
  const open = async () => {
    try {
      return await openOnce(endpoints, names, options);
    } catch (error) {
      const passes = isTurnkeepError(error, "StoreUnavailable") || isTurnkeepError(error, "CacheUnavailable");
      if (!passes) throw error;
      failure = error;
      return false;
    }
  };
  return until(open, () => `a server does not start: ${failure}`, 100);
}

async function openOnce(
  { redisUrl, databaseUrl }: Endpoints,
  { keyPrefix, schema }: Names,
  { deploy, flusher = true, daemonLeaseMs }: ServiceOptions,
): Promise<GameService> {
  const cache = createRedisCache({
    url: redisUrl,
    keyPrefix,
    commandTimeoutMs: 800,
    connectTimeoutMs: 2_000,
    advanced: { heartbeatMs: 500 },
  });
  const store = createSqlStore({
    url: databaseUrl,
    schema,
    poolSize: 4,
    advanced: { sequelizePoolSize: 2 },
    connectTimeoutMs: 1_000,
    statementTimeoutMs: 1_500,
    lockTimeoutMs: 600,
  });
  const manager = createGameStateManager({
    game: definitionOf(deploy),
    cache,
    store,
    runFlusher: flusher,
    maxStateBytes: largestState,
    flushWithinMs,
    advanced: { flushEveryMs: 50, claimHideMs, probeEveryMs: 300, backlogEveryMs: 200 },
  });
  await manager.start();
  const service = toService(manager, () => sweepOnce(manager, cache, store));
  return daemonLeaseMs === undefined ? service : withDaemon(service, store, daemonLeaseMs);
}

function toService(manager: GameStateManager<Counter>, sweep: () => Promise<void>): GameService {
  return {
    async create(gameId, writeId) {
      await manager.createGame(newCounter(gameId), { gameType: "ranked", playerIds: [alice, bob], writeId });
    },
    async write(gameId, writeId, kind, bytes) {
      const durability = kind === "writeBehind" ? "writeBehind" : "durable";
      return (await manager.update(gameId, addWrite(writeId, kind, bytes), { writeId, durability })).durability;
    },
    async read(gameId) {
      const loaded = await manager.loadState(gameId);
      if (loaded === null) return null;
      const { version, status, stale, state } = loaded;
      return { version, status, stale, writes: state.moves };
    },
    async log(gameId) {
      try {
        return (await manager.getLog(gameId)).map(writeOf);
      } catch (error) {
        if (isTurnkeepError(error, "InvalidState") && error.details.path === "$.log") return null;
        throw error;
      }
    },
    async end(gameId) {
      await manager.endGame(gameId, draw);
    },
    remove: (gameId) => manager.deleteGame(gameId),
    async recover() {
      await manager.recoverActiveGames();
    },
    sweep,
    now: async () => wallClockMs(),
    close: () => manager.close(),
  };
}

/** A game's moves are the ids of all writes that it contains, in order; so is its log. */
export function addWrite(writeId: string, kind: WriteKind, bytes = 0) {
  return (before: Counter) => {
    const { state, log } = move(writeId)(before);
    const ended = kind === "turn" ? nextTurn(state) : state;
    return { log, state: bytes > 0 ? { ...ended, secrets: { ...ended.secrets, ballast: "x".repeat(bytes) } } : ended };
  };
}

/** The write that an entry of the log is about. */
export const writeOf = (entry: unknown): string => String((entry as { move?: unknown } | null)?.move);
