import { randomUUID } from "node:crypto";
import { TurnkeepError } from "@turnkeep/core";
import { patienceMs } from "@turnkeep/dev-services";
import { cardGame, createGameState, type GameState } from "@turnkeep/game-state";
import { createGameStateManager, type GameStateManager } from "@turnkeep/manager";
import { createRedisCache } from "@turnkeep/redis-cache";
import { environmentName } from "@turnkeep/service-kit";
import { createSqlStore } from "@turnkeep/sql-store";
import pg from "pg";

/** Where a test's games live. */
export interface Place {
  readonly databaseUrl: string;
  readonly schema: string;
  readonly redisUrl: string;
  readonly keyPrefix: string;
}

/** The settings of a daemon that looks after this place, with intervals for impatient tests. */
export function daemonEnvironment(place: Place, more: Readonly<Record<string, string>> = {}): Record<string, string> {
  const often = ["flushEveryMs", "finishEveryMs", "reindexEveryMs", "evictEveryMs"].map(environmentName);
  return {
    DATABASE_URL: place.databaseUrl,
    DATABASE_SCHEMA: place.schema,
    REDIS_URL: place.redisUrl,
    REDIS_KEY_PREFIX: place.keyPrefix,
    PORT: "0",
    ...Object.fromEntries(often.map((name) => [name, "50"])),
    ...more,
  };
}

export type Manager = GameStateManager<GameState>;
type Step = "archive" | "evict";

/** A game server of a test: it flushes nothing by itself and leaves everything as it is when it is gone. */
export interface DoomedServer {
  readonly manager: Manager;
  /** From now on this step fails, as for a server that is killed just before it. */
  dieBefore(step: Step): void;
  /** Closes connections and flushes nothing. */
  vanish(): Promise<void>;
}

export async function startDoomedServer(place: Place): Promise<DoomedServer> {
  const cache = createRedisCache({ url: place.redisUrl, keyPrefix: place.keyPrefix, connectTimeoutMs: patienceMs });
  const store = createSqlStore({ url: place.databaseUrl, schema: place.schema });
  await store.migrate();
  const dead = new Set<string | symbol>();
  const manager = createGameStateManager({
    game: cardGame,
    cache: mortal(cache, dead),
    store: mortal(store, dead),
    runFlusher: false,
    flushWithinMs: 10,
  });
  await manager.start();
  return {
    manager: manager as Manager,
    dieBefore: (step) => void dead.add(step),
    vanish: async () => {
      await cache.close();
      await store.close();
    },
  };
}

/** The same, but the calls that are named reach nothing. */
function mortal<T extends object>(part: T, dead: ReadonlySet<string | symbol>): T {
  return new Proxy(part, {
    get(target, name) {
      if (dead.has(name)) return () => Promise.reject(gone());
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

const gone = () => new TurnkeepError("CacheUnavailable", "this server is dead", { fate: "notDone" });

/** A new game of two, durable in the store and cached. */
export async function createGame(manager: Manager): Promise<string> {
  const players = [randomUUID(), randomUUID()] as const;
  const deck = Array.from({ length: 30 }, () => "spark");
  const [one, two] = players.map((id, index) => ({ id, name: `player ${index + 1}`, deck }));
  if (one === undefined || two === undefined) throw new Error("two players");
  const state = createGameState({
    gameId: randomUUID(),
    gameType: "freeplay",
    cards: [{ kind: "energy", id: "spark", name: "Spark", element: "storm" }],
    players: [one, two],
    seed: "seed",
  });
  await manager.createGame(state, { gameType: "freeplay", playerIds: players });
  return state.gameId;
}

/** Writes once more, behind the store's back; returns the version. */
export async function writeBehind(manager: Manager, gameId: string): Promise<string> {
  const { version } = await manager.update(gameId, (state) => ({ ...state, recordCount: state.recordCount + 1 }));
  return version;
}

/** Looks straight into Postgres. */
export class Rows {
  readonly #pool: pg.Pool;

  constructor(readonly place: Place) {
    this.#pool = new pg.Pool({ connectionString: place.databaseUrl, max: 1 });
  }

  async query<Row extends object>(sql: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    const { rows } = await this.#pool.query<Row>(sql.replaceAll("$schema", `"${this.place.schema}"`), [...values]);
    return rows;
  }

  async version(gameId: string): Promise<string | undefined> {
    const sql = "SELECT lineage || '.' || revision AS version FROM $schema.active_games WHERE id = $1";
    return (await this.query<{ version: string }>(sql, [gameId]))[0]?.version;
  }

  async status(gameId: string): Promise<string | undefined> {
    const sql = "SELECT status::text AS status FROM $schema.active_games WHERE id = $1";
    return (await this.query<{ status: string }>(sql, [gameId]))[0]?.status;
  }

  /** Drops the schema and closes. */
  async end(): Promise<void> {
    await this.query("DROP SCHEMA IF EXISTS $schema CASCADE");
    await this.disconnect();
  }

  async disconnect(): Promise<void> {
    await this.#pool.end();
  }
}

/** Resolves once the condition holds. @throws Error after the bound */
export async function until(what: string, holds: () => Promise<boolean>, withinMs = patienceMs): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
