import { until } from "./clock.js";
import type { PostgresServer } from "./stores/postgres-server.js";
import { RedisServer } from "./stores/redis-server.js";
import type { RedisTopology } from "./stores/redis-topology.js";
import { TcpProxy } from "./stores/tcp-proxy.js";
import { startWorker } from "./system/start-worker.js";
import type { Endpoints, GameService, Names, System, Worker, WriteKind } from "./system/system.js";
import { flushWithinMs } from "./system/turnkeep-service.js";
import type { Entry, Journal } from "./workload/journal.js";
import { RecordedCalls } from "./workload/recorded-calls.js";
import { type Chance, seededUuid } from "./workload/seeded.js";

/** What a flush may take past its deadline: the flusher's pause, a batch, a busy machine. */
const flushTakesMs = 500;

/** Errors of a game that accepts no write any more. */
const closed: ReadonlySet<string> = new Set(["GameEnded", "GameGone", "GameNotFound"]);

/** One server, with proxies of its own to both stores. */
export interface Site {
  /** Another one once it has been replaced. */
  service: GameService;
  readonly redisProxy: TcpProxy;
  readonly postgresProxy: TcpProxy;
}

/** What a scenario injects its fault into: the stores, the connections to them, and the servers. */
export class Environment {
  readonly sites: Site[] = [];
  /** What a scenario calls itself; the checker checks it too. */
  readonly calls: RecordedCalls;
  readonly #spares: GameService[] = [];
  readonly #atEnd: (() => Promise<void>)[] = [];
  readonly #redises = new Set<RedisServer>();
  readonly #gameIds = new Set<string>();

  constructor(
    readonly journal: Journal,
    readonly names: Names,
    readonly system: System,
    readonly postgres: PostgresServer,
    /** Where all servers write now. */
    public redis: RedisServer,
    /** Where they write instead, if the scenario needs more than one Redis. */
    readonly topology?: RedisTopology | undefined,
  ) {
    this.#redises.add(redis);
    this.calls = new RecordedCalls(journal, this.sites);
  }

  /** Games that a scenario created itself, and that the checker checks. */
  get gameIds(): readonly string[] {
    return [...this.#gameIds];
  }

  async openSite(open: (endpoints: Endpoints) => Promise<GameService> = (to) => this.system.open(to)): Promise<Site> {
    const [redisProxy, postgresProxy] = await Promise.all([
      TcpProxy.start(this.redis.port),
      TcpProxy.start(this.postgres.port),
    ]);
    const service = await open(this.#endpoints(redisProxy, postgresProxy)).catch(async (error) => {
      await Promise.all([redisProxy.close(), postgresProxy.close()]);
      throw error;
    });
    const site = { service, redisProxy, postgresProxy };
    this.sites.push(site);
    return site;
  }

  /** Servers that are processes, started at once: one that plays, and others that wait to replace it. */
  async openProcesses(spares: number, env: Readonly<Record<string, string>> = {}): Promise<void> {
    const site = await this.openSite((to) => this.#openProcess(to, env));
    const endpoints = this.#endpoints(site.redisProxy, site.postgresProxy);
    const opening = Array.from({ length: spares }, () => this.#openProcess(endpoints));
    this.#spares.push(...(await Promise.all(opening)));
  }

  /** SIGKILL to a server that is a process of its own; another one replaces it. */
  async killAndReplace(site: Site): Promise<void> {
    const { service, redisProxy, postgresProxy } = site;
    if (!("kill" in service)) throw new TypeError("only a server that is a process can be killed");
    this.countFault();
    await (service as Worker).kill();
    site.service = this.#spares.pop() ?? (await this.#openProcess(this.#endpoints(redisProxy, postgresProxy)));
  }

  #openProcess(endpoints: Endpoints, env?: Readonly<Record<string, string>>): Promise<GameService> {
    if (this.system.openProcess === undefined) throw new TypeError("this system has no servers that are processes");
    return this.system.openProcess(endpoints, env);
  }

  #endpoints(redisProxy: TcpProxy, postgresProxy: TcpProxy): Endpoints {
    const databaseUrl = new URL(this.postgres.url);
    databaseUrl.port = String(postgresProxy.port);
    const redisUrl = this.topology?.url ?? `redis://127.0.0.1:${redisProxy.port}`;
    return { redisUrl, databaseUrl: databaseUrl.href };
  }

  site(n: number): Site {
    const site = this.sites[n];
    if (site === undefined) throw new RangeError(`there is no server ${n}`);
    return site;
  }

  /** A game of the scenario's own. Its creation is sent again, as a client does, where a busy machine is late. */
  async newGame(chance: Chance, site = 0, gameId = seededUuid(chance)): Promise<string> {
    this.#gameIds.add(gameId);
    let last: Entry | undefined;
    const isDone = async () => {
      last = await this.calls.create(site, gameId);
      if (last.outcome === "fault" || last.outcome === "refused") throw new Error(`no game: ${last.error}`);
      return last.outcome === "done";
    };
    await until(isDone, () => `a game could not be created: ${last?.error}`);
    return gameId;
  }

  /** Games that a scenario breaks on purpose, so that the checker leaves them out. */
  excludeFromCheck(...gameIds: readonly string[]): void {
    for (const gameId of gameIds) this.#gameIds.delete(gameId);
  }

  /** Resolves once every server can write this game again. */
  async untilPlayable(gameId: string): Promise<void> {
    for (const n of this.sites.keys()) {
      let tries = 0;
      const written = async () =>
        (await this.calls.write(n, gameId, `again-${n}-${tries++}`, "durable")).outcome === "done";
      await until(written, () => `server ${n} does not reach the new master`);
    }
  }

  /**
   * Repeats this write, as a client does, until it is done or the game accepts no more.
   * @throws Error at once after an error without a meaning for a client, and where it never comes through
   */
  async writeUntilDone(site: number, gameId: string, writeId: string, kind: WriteKind): Promise<void> {
    let last: Entry | undefined;
    const isOver = async () => {
      last = await this.calls.write(site, gameId, writeId, kind);
      if (last.outcome === "fault") throw new Error(`write ${writeId} failed: ${last.error}`);
      return last.outcome === "done" || closed.has(last.error ?? "");
    };
    await until(isOver, () => `a write never came through: ${last?.error}`);
  }

  /** Resolves once every game has been written and flushed again, whichever copy of it was served. */
  async untilAllFlushed(what: string): Promise<void> {
    const games = new Set(this.journal.entries.filter(({ op }) => op === "create").map(({ gameId }) => gameId));
    await Promise.all(
      [...games].map((gameId, n) => this.writeUntilDone(n % this.sites.length, gameId, `${what}-${n}`, "durable")),
    );
  }

  /** What a loss of Redis may take at level `writeBehind`. */
  promisedLossMs(): number {
    return flushWithinMs + flushTakesMs * this.journal.slowness;
  }

  /** One more Redis, which replicates the present one through a proxy of its own. Resolves when it is in step. */
  async addReplica(): Promise<{ replica: RedisServer; proxy: TcpProxy }> {
    const proxy = await TcpProxy.start(this.redis.port);
    const replica = await RedisServer.start({
      extraArgs: ["--replicaof", "127.0.0.1", String(proxy.port)],
    });
    this.#redises.add(replica);
    this.atEnd(() => proxy.close());
    await this.inStep(replica);
    return { replica, proxy };
  }

  /** Resolves when this replica follows its master. */
  async inStep(replica: RedisServer): Promise<void> {
    await replica.admin((redis) => {
      const isUp = async () => (await redis.info("replication")).includes("master_link_status:up");
      return until(isUp, () => "the replica does not follow its master", 20);
    });
  }

  /** A daemon in a process of its own, which can be stopped and continued. */
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

  /** All servers, or those given, use this Redis from now on. */
  routeTo(redis: RedisServer, sites: readonly Site[] = this.sites): void {
    for (const { redisProxy } of sites) redisProxy.routeTo(redis.port);
    if (sites.length === this.sites.length) this.redis = redis;
  }

  /** Counts one injected fault. */
  countFault(): void {
    this.journal.injected += 1;
  }

  /** Does `work`, which takes from Redis what had not been flushed, and declares that loss. */
  async withLoss(what: string, work: () => Promise<void>, promisedMs = () => this.promisedLossMs()): Promise<void> {
    const from = this.journal.now();
    this.countFault();
    try {
      await work();
    } finally {
      this.journal.losses.push({ what, promisedMs: promisedMs(), from, to: this.journal.now() });
    }
  }

  /**
   * Does `work`, which puts Postgres back to what it had committed by `since`, and declares that loss.
   * @param cacheKept false if `work` empties Redis too
   */
  async withStoreLoss(what: string, since: number, cacheKept: boolean, work: () => Promise<void>): Promise<void> {
    this.countFault();
    try {
      await work();
    } finally {
      const promisedMs = this.promisedLossMs();
      this.journal.storeLosses.push({ what, promisedMs, from: since, to: this.journal.now(), cacheKept });
    }
  }

  /** Done before the stores stop. */
  atEnd(work: () => Promise<void>): void {
    this.#atEnd.push(work);
  }

  async close(): Promise<void> {
    for (const work of this.#atEnd) await work();
    const services = [...this.sites.map(({ service }) => service), ...this.#spares];
    await Promise.all(services.map((service) => service.close().catch(() => {})));
    const proxies = this.sites.flatMap(({ redisProxy, postgresProxy }) => [redisProxy, postgresProxy]);
    await Promise.all(proxies.map((proxy) => proxy.close()));
    await Promise.all([...this.#redises].map((redis) => redis.stop()));
    await this.topology?.stop();
  }
}
