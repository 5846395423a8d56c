import { setTimeout as delay } from "node:timers/promises";
import { patienceMs } from "@turnkeep/dev-services";
import type { Endpoints, GameService, System } from "./game-service.js";
import type { Entry, Journal, Operation } from "./journal.js";
import type { Ask } from "./ledger-game.js";
import type { PostgresServer } from "./postgres-server.js";
import { recordCall } from "./recorded-call.js";
import { RedisServer } from "./redis-server.js";
import type { RedisTopology } from "./redis-topology.js";
import { type Chance, seededUuid } from "./seeded.js";
import { startWorker, type Worker } from "./start-worker.js";
import { TcpProxy } from "./tcp-proxy.js";
import { flushWithinMs, type Names } from "./turnkeep-service.js";

/** What a flush may take past its deadline: a look of the flusher, a batch, a busy machine. */
const flushTakesMs = 500;

/** How a game says that it takes no write any more. */
const closed: ReadonlySet<string> = new Set(["GameEnded", "GameGone", "GameNotFound"]);

/** One server, with roads of its own to both stores. */
export interface Place {
  /** Another one once it has been replaced. */
  service: GameService;
  readonly redisRoad: TcpProxy;
  readonly postgresRoad: TcpProxy;
}

/** Where a row injects its fault: the stores, the roads to them, and the servers. */
export class Bed {
  readonly places: Place[] = [];
  /** Games that a row made for itself; they are judged too, but for those that it spoils on purpose. */
  readonly ownGames: string[] = [];
  readonly #spares: GameService[] = [];
  readonly #atEnd: (() => Promise<void>)[] = [];
  readonly #redises = new Set<RedisServer>();

  constructor(
    readonly journal: Journal,
    readonly names: Names,
    readonly system: System,
    readonly postgres: PostgresServer,
    /** Where all servers write now. */
    public redis: RedisServer,
    /** Where they write instead, if a row asks for more than one Redis. */
    readonly topology?: RedisTopology | undefined,
  ) {
    this.#redises.add(redis);
  }

  async openPlace(open: (endpoints: Endpoints) => Promise<GameService> = (to) => this.system.open(to)): Promise<Place> {
    const [redisRoad, postgresRoad] = await Promise.all([
      TcpProxy.start(this.redis.port),
      TcpProxy.start(this.postgres.port),
    ]);
    const service = await open(this.#endpoints(redisRoad, postgresRoad));
    const place = { service, redisRoad, postgresRoad };
    this.places.push(place);
    return place;
  }

  /** SIGKILL to a server that is a process of its own; another one takes its place. */
  async killAndReplace(place: Place): Promise<void> {
    const { service } = place;
    if (!("kill" in service)) throw new TypeError("only a server that is a process can be killed");
    this.injected();
    await (service as Worker).kill();
    const { redisRoad, postgresRoad } = place;
    place.service = this.#spares.pop() ?? (await this.#openProcess(this.#endpoints(redisRoad, postgresRoad)));
  }

  /** Servers that are processes, at once: one that plays, and others that wait to take its place. */
  async openProcesses(spares: number, env: Readonly<Record<string, string>> = {}): Promise<void> {
    const place = await this.openPlace((to) => this.system.open(to, { asProcess: true, env }));
    const endpoints = this.#endpoints(place.redisRoad, place.postgresRoad);
    const opening = Array.from({ length: spares }, () => this.#openProcess(endpoints));
    this.#spares.push(...(await Promise.all(opening)));
  }

  #openProcess(endpoints: Endpoints): Promise<GameService> {
    return this.system.open(endpoints, { asProcess: true });
  }

  #endpoints(redisRoad: TcpProxy, postgresRoad: TcpProxy): Endpoints {
    const databaseUrl = new URL(this.postgres.url);
    databaseUrl.port = String(postgresRoad.port);
    const redisUrl = this.topology?.url ?? `redis://127.0.0.1:${redisRoad.port}`;
    return { redisUrl, databaseUrl: databaseUrl.href };
  }

  place(n: number): Place {
    const place = this.places[n];
    if (place === undefined) throw new RangeError(`there is no server ${n}`);
    return place;
  }

  /** A call that a row makes itself, written down and judged like all others. */
  call(
    op: Operation,
    place: number,
    gameId: string,
    make: (on: GameService) => ReturnType<Parameters<typeof recordCall>[2]>,
    writeId?: string,
  ): Promise<Entry> {
    const call = { op, service: place, gameId, ...(writeId === undefined ? {} : { writeId }) };
    return recordCall(this.journal, call, () => make(this.place(place).service));
  }

  write(place: number, gameId: string, writeId: string, ask: Ask): Promise<Entry> {
    return this.call("write", place, gameId, async (on) => ({ level: await on.write(gameId, writeId, ask) }), writeId);
  }

  /** Resolves once every server can write this game again. */
  async untilPlayable(gameId: string): Promise<void> {
    const deadline = performance.now() + patienceMs;
    for (const n of this.places.keys()) {
      let tries = 0;
      while ((await this.write(n, gameId, `again-${n}-${tries}`, "durable")).outcome !== "done") {
        if (performance.now() > deadline) throw new Error(`server ${n} does not find its way to the new master`);
        tries += 1;
        await delay(50);
      }
    }
  }

  /** Asks for this write, as a client does, until it is done or the game takes no more. */
  async insist(place: number, gameId: string, writeId: string, ask: Ask): Promise<void> {
    const deadline = performance.now() + patienceMs;
    for (;;) {
      const { outcome, error = "" } = await this.write(place, gameId, writeId, ask);
      if (outcome === "done" || closed.has(error)) return;
      if (performance.now() > deadline) throw new Error(`a write never came through: ${error}`);
      await delay(50);
    }
  }

  /** Resolves once every game has been written and flushed again, whichever copy of it was served. */
  async untilAllFlushed(what: string): Promise<void> {
    const games = new Set(this.journal.entries.filter(({ op }) => op === "create").map(({ gameId }) => gameId));
    await Promise.all(
      [...games].map((gameId, n) => this.insist(n % this.places.length, gameId, `${what}-${n}`, "durable")),
    );
  }

  /** What a loss of Redis may take at level `writeBehind`. */
  promisedLossMs(): number {
    return flushWithinMs + flushTakesMs * this.journal.slowness;
  }

  /** A game of a row's own. */
  async newGame(chance: Chance, place = 0): Promise<string> {
    const gameId = seededUuid(chance);
    this.ownGames.push(gameId);
    const writeId = `create-${gameId.slice(0, 8)}`;
    const created = await this.call("create", place, gameId, async (on) => {
      await on.create(gameId, writeId);
      return { level: "durable" as const };
    });
    if (created.outcome !== "done") throw new Error(`a game could not be created: ${created.error}`);
    return gameId;
  }

  /** One more Redis, which follows the present one, by a road of its own. Resolves when it is in step. */
  async addReplica(): Promise<{ replica: RedisServer; road: TcpProxy }> {
    const road = await TcpProxy.start(this.redis.port);
    const replica = await RedisServer.start({
      extraArgs: ["--replicaof", "127.0.0.1", String(road.port)],
    });
    this.#redises.add(replica);
    this.atEnd(() => road.close());
    await this.inStep(replica);
    return { replica, road };
  }

  /** Resolves when this replica follows its master. */
  async inStep(replica: RedisServer): Promise<void> {
    const deadline = performance.now() + patienceMs;
    await replica.admin(async (redis) => {
      while (!(await redis.info("replication")).includes("master_link_status:up")) {
        if (performance.now() > deadline) throw new Error("the replica does not follow its master");
        await delay(20);
      }
    });
  }

  /** A daemon in a process of its own, which can stand still and go on. */
  async openDaemon({ leaseMs }: { leaseMs: number }): Promise<{ freeze(): void; thaw(): void }> {
    const endpoints = { redisUrl: this.redis.url, databaseUrl: this.postgres.url };
    const daemon = await startWorker(endpoints, this.names, { flusher: false, daemonLeaseMs: leaseMs });
    const signal = (name: "SIGSTOP" | "SIGCONT") => process.kill(daemon.pid, name);
    this.atEnd(async () => {
      signal("SIGCONT");
      await daemon.kill();
    });
    return { freeze: () => signal("SIGSTOP"), thaw: () => signal("SIGCONT") };
  }

  /** Games that are broken on purpose, and not judged. */
  spoiled(...gameIds: readonly string[]): void {
    for (const gameId of gameIds) this.ownGames.splice(this.ownGames.indexOf(gameId), 1);
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
  async losing(what: string, work: () => Promise<void>, promisedMs = () => this.promisedLossMs()): Promise<void> {
    const from = this.journal.now();
    this.injected();
    try {
      await work();
    } finally {
      this.journal.losses.push({ what, promisedMs: promisedMs(), from, to: this.journal.now() });
    }
  }

  /** What is done before the stores go. */
  atEnd(work: () => Promise<void>): void {
    this.#atEnd.push(work);
  }

  async close(): Promise<void> {
    for (const work of this.#atEnd) await work();
    const services = [...this.places.map(({ service }) => service), ...this.#spares];
    await Promise.all(services.map((service) => service.close().catch(() => {})));
    await Promise.all(this.places.flatMap(({ redisRoad, postgresRoad }) => [redisRoad.close(), postgresRoad.close()]));
    await Promise.all([...this.#redises].map((redis) => redis.stop()));
    await this.topology?.stop();
  }
}
