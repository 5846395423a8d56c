import { setTimeout as delay } from "node:timers/promises";
import { isTurnkeepError } from "@turnkeep/core";
import { patienceMs } from "@turnkeep/dev-services";
import { createGameStateManager, type GameStateManager } from "@turnkeep/manager";
import { createRedisCache } from "@turnkeep/redis-cache";
import { createSqlStore } from "@turnkeep/sql-store";
import type { Endpoints, GameService } from "./game-service.js";
import { addWrite, draw, type Ledger, ledgerGame, newLedger, players } from "./ledger-game.js";
import { sweepOnce } from "./sweep-once.js";
import { withDaemon } from "./with-daemon.js";

/** A write-behind write is due in the store within this time. */
export const flushWithinMs = 500;

/** How long a flusher that falls silent, or hears nothing, keeps the games that it took from the others. */
export const claimHideMs = 1_000;

/** The names under which one run's data lies. */
export interface Names {
  readonly keyPrefix: string;
  readonly schema: string;
}

/** Names that no other run uses, in this or another process. */
export function turnkeepNames(of: string): Names {
  const name = `${of.replace(/[^a-z0-9]/g, "_").slice(0, 30)}_${crypto.randomUUID().slice(0, 8)}`;
  return { keyPrefix: `${name}:`, schema: name };
}

export interface ServiceOptions {
  readonly flusher?: boolean | undefined;
  /** It is a daemon too, which holds a lease of so long for its rounds. */
  readonly daemonLeaseMs?: number | undefined;
  /** Dirty games past which clean ones take no writes. */
  readonly maxDirtyGames?: number | undefined;
}

/**
 * One Turnkeep server over the real adapters, with short times, so that a fault and its end fit into seconds. They may
 * be too short for a connection on a busy machine: then it is started again, as whoever runs a server does.
 */
export async function openTurnkeepService(...how: Parameters<typeof openOnce>): Promise<GameService> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    try {
      return await openOnce(...how);
    } catch (error) {
      const passes = isTurnkeepError(error, "StoreUnavailable") || isTurnkeepError(error, "CacheUnavailable");
      if (!passes || performance.now() > deadline) throw error;
      await delay(100);
    }
  }
}

async function openOnce(
  { redisUrl, databaseUrl }: Endpoints,
  { keyPrefix, schema }: Names,
  { flusher = true, maxDirtyGames, daemonLeaseMs }: ServiceOptions = {},
): Promise<GameService> {
  const cache = createRedisCache({
    url: redisUrl,
    keyPrefix,
    commandTimeoutMs: 800,
    connectTimeoutMs: 2_000,
    heartbeatMs: 500,
  });
  const store = createSqlStore({
    url: databaseUrl,
    schema,
    poolSize: 4,
    sequelizePoolSize: 2,
    connectTimeoutMs: 1_000,
    statementTimeoutMs: 1_500,
    lockTimeoutMs: 600,
  });
  const manager = createGameStateManager({
    game: ledgerGame,
    cache,
    store,
    runFlusher: flusher,
    flushWithinMs,
    flushEveryMs: 50,
    claimHideMs,
    probeEveryMs: 300,
    backlogEveryMs: 200,
    ...(maxDirtyGames === undefined ? {} : { maxDirtyGames }),
  });
  await manager.start();
  const service = face(manager, () => sweepOnce(manager, cache, store));
  return daemonLeaseMs === undefined ? service : withDaemon(service, store, daemonLeaseMs);
}

function face(manager: GameStateManager<Ledger>, sweep: () => Promise<void>): GameService {
  return {
    async create(gameId, writeId) {
      await manager.createGame(newLedger(gameId), { gameType: "ranked", playerIds: players, writeId });
    },
    async write(gameId, writeId, ask) {
      const durability = ask === "writeBehind" ? "writeBehind" : "durable";
      const add = (state: Ledger) => addWrite(state, writeId, ask);
      return (await manager.update(gameId, add, { writeId, durability })).durability;
    },
    async read(gameId) {
      const loaded = await manager.loadState(gameId);
      if (loaded === null) return null;
      const { version, status, stale, state } = loaded;
      return { version, status, stale, writes: state.writes };
    },
    async end(gameId) {
      await manager.endGame(gameId, draw);
    },
    remove: (gameId) => manager.deleteGame(gameId),
    async recover() {
      await manager.recoverActiveGames();
    },
    sweep,
    now: async () => Date.now(),
    close: () => manager.close(),
  };
}
