import type { Endpoints, GameService, System } from "./game-service.js";
import type { Journal } from "./journal.js";
import type { PostgresServer } from "./postgres-server.js";
import { RedisServer } from "./redis-server.js";
import { TcpProxy } from "./tcp-proxy.js";
import { flushWithinMs, type Names } from "./turnkeep-service.js";

/** What a flush may take past its deadline: a look of the flusher, a batch, a busy machine. */
export const flushTakesMs = 500;
/** What a loss of Redis may take at level `writeBehind`. */
export const promisedLossMs = flushWithinMs + flushTakesMs;

/** One server, with roads of its own to both stores. */
export interface Place {
  readonly service: GameService;
  readonly redisRoad: TcpProxy;
  readonly postgresRoad: TcpProxy;
}

/** Where a row injects its fault: the stores, the roads to them, and the servers. */
export class Bed {
  readonly places: Place[] = [];
  readonly #replicas: RedisServer[] = [];

  constructor(
    readonly journal: Journal,
    readonly names: Names,
    readonly system: System,
    readonly postgres: PostgresServer,
    /** Where all servers write now. */
    public redis: RedisServer,
  ) {}

  async openPlace(open: (endpoints: Endpoints) => Promise<GameService> = (to) => this.system.open(to)): Promise<Place> {
    const [redisRoad, postgresRoad] = await Promise.all([
      TcpProxy.start(this.redis.port),
      TcpProxy.start(this.postgres.port),
    ]);
    const databaseUrl = new URL(this.postgres.url);
    databaseUrl.port = String(postgresRoad.port);
    const service = await open({ redisUrl: `redis://127.0.0.1:${redisRoad.port}`, databaseUrl: databaseUrl.href });
    const place = { service, redisRoad, postgresRoad };
    this.places.push(place);
    return place;
  }

  /** One more Redis, which follows the present one. Resolves when it is in step. */
  async addReplica(): Promise<RedisServer> {
    const replica = await RedisServer.start({
      extraArgs: ["--replicaof", "127.0.0.1", String(this.redis.port), "--repl-diskless-sync-delay", "0"],
    });
    this.#replicas.push(replica);
    await inStep(replica);
    return replica;
  }

  /** All servers, or those given, turn to this Redis. */
  leadTo(redis: RedisServer, places: readonly Place[] = this.places): void {
    for (const { redisRoad } of places) redisRoad.leadTo(redis.port);
    if (places.length === this.places.length) this.redis = redis;
  }

  /** Counts one injected fault. */
  injected(): void {
    this.journal.injected += 1;
  }

  /** What is done in here takes from Redis what had not been flushed. */
  async losing(what: string, work: () => Promise<void>, promisedMs = promisedLossMs): Promise<void> {
    const from = this.journal.now();
    this.injected();
    try {
      await work();
    } finally {
      this.journal.losses.push({ what, promisedMs, from, to: this.journal.now() });
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.places.map(({ service }) => service.close().catch(() => {})));
    await Promise.all(this.places.flatMap(({ redisRoad, postgresRoad }) => [redisRoad.close(), postgresRoad.close()]));
    await Promise.all([...new Set([this.redis, ...this.#replicas])].map((redis) => redis.stop()));
  }
}

export async function inStep(replica: RedisServer): Promise<void> {
  const deadline = performance.now() + 10_000;
  await replica.admin(async (redis) => {
    while (!(await redis.info("replication")).includes("master_link_status:up")) {
      if (performance.now() > deadline) throw new Error("the replica does not follow its master");
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });
}
