import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cardGame, createGameState, type GameState } from "@turnkeep/game-state";
import { createGameStateManager, type GameStateManager } from "@turnkeep/manager";
import { type Finding, verify } from "@turnkeep/operations";
import { createRedisCache } from "@turnkeep/redis-cache";
import { createSqlStore } from "@turnkeep/sql-store";
import { Redis } from "ioredis";
import { now, sleep } from "../clock.js";
import { withPostgres } from "../stores/connections.js";
import { PostgresServer } from "../stores/postgres-server.js";
import { RedisServer } from "../stores/redis-server.js";
import type { Endpoints } from "../system/system.js";
import { DaemonProcess, leaderFirst } from "./daemon-process.js";
import { Play } from "./play.js";

export interface RehearsalOptions {
  readonly games: number;
  readonly onStep: (step: string) => void;
}

/** What a rehearsal came to. */
export interface Rehearsal {
  readonly games: number;
  /** How many games Redis had again when the leading daemon was killed. */
  readonly atTheKill: number;
  /** Games a second that each of the two daemons brought back. */
  readonly gamesPerSecond: { readonly first: number; readonly second: number };
  /** From the loss of Redis until the second daemon had finished; the wait for the first one's lease is part of it. */
  readonly recoveredAfterMs: number;
  readonly handOverMs: number;
  readonly peakMemoryMb: { readonly first: number; readonly second: number };
  readonly actions: number;
  readonly firstActions: { readonly slowestMs: number; readonly games: number };
  /** Rows that are no document, and those of them that the daemons named. */
  readonly poison: { readonly planted: number; readonly reported: number };
  /** Games that lack what was acknowledged as durable. */
  readonly lost: readonly string[];
  readonly verified: { readonly games: number; readonly gamesPerSecond: number; readonly findings: readonly Finding[] };
}

const schema = "turnkeep";
const poisonGames = 5;
const playersAtOnce = 16;
const createdAtOnce = 64;
const leaseMs = 3_000;
/** Far more than it takes. */
const recoveryWithinMs = 1_200_000;

type Manager = GameStateManager<GameState>;

/**
 * The worst hour of an operator, on stores and daemons of its own: Redis is killed under play and comes back with
 * nothing, and the daemon that leads is killed while it recovers; some rows are no documents. The other daemon has to
 * finish, and both stores have to agree in the end.
 * @throws Error if the leader had finished before it could be killed
 */
export async function rehearse({ games, onStep }: RehearsalOptions): Promise<Rehearsal> {
  const endings: (() => unknown)[] = [];
  const folder = mkdtempSync(join(tmpdir(), "turnkeep-rehearsal-"));
  endings.push(() => rmSync(folder, { recursive: true, force: true }));
  try {
    const [postgres, redis] = await Promise.all([PostgresServer.start(), RedisServer.start()]);
    endings.push(
      () => redis.stop(),
      () => postgres.stop(),
    );
    const to = { redisUrl: redis.url, databaseUrl: postgres.url };
    const managers = [await openManager(to), await openManager(to)] as const;
    endings.push(() => Promise.all(managers.map((manager) => manager.close())));
    onStep(`${games} games are created`);
    const gameIds = await createGames(managers[0], games);

    const settings = { LEASE_MS: String(leaseMs), DATABASE_SCHEMA: schema };
    const daemons = [
      await DaemonProcess.start(to, folder, "one", settings),
      await DaemonProcess.start(to, folder, "two", settings),
    ] as const;
    endings.push(() => Promise.all(daemons.map((daemon) => daemon.kill())));
    const [poison, played] = [gameIds.slice(0, poisonGames), gameIds.slice(poisonGames)];
    const play = new Play(managers, played, playersAtOnce);
    endings.push(() => play.stop());
    onStep("they are played; Redis is killed, and comes back with nothing");
    const before = new Map(daemons.map((daemon) => [daemon, daemon.lines.length]));
    const news = (daemon: DaemonProcess) => daemon.lines.slice(before.get(daemon));
    await redis.kill();
    await poisonRows(postgres, poison);
    const lostAt = now();
    play.cacheIsLost();
    await redis.restart("nothing");

    const watch = new Redis(redis.url);
    endings.push(() => watch.disconnect());
    const [leader, other] = await until(async () => leaderFirst(daemons, await holderOf(postgres)));
    const firstAt = await until(async () => (await cachedGames(watch)) > playersAtOnce && now());
    const atTheKill = await until(async () => {
      const cached = await cachedGames(watch);
      return cached > games * 0.3 && cached;
    });
    const killedAt = now();
    const peakOfLeader = leader.peakMemoryMb;
    await leader.kill();
    if (news(leader).some(({ msg, done }) => msg === "recovering games" && Number(done) >= games)) {
      throw new Error("the leader had recovered all before it was killed: rehearse with more games");
    }
    onStep(`the leading daemon is killed after ${atTheKill} games`);
    const begunAt = await until(async () => news(other).some(({ msg }) => msg === "recovering games") && now());
    await until(async () => news(other).some(({ task, msg }) => task === "recover-games" && msg === "round done"));
    const finishedAt = now();
    onStep("the other one has finished; both stores are compared");
    const lost = await play.end();
    const reported = poison.filter((gameId) => daemons.some(({ text }) => text.includes(gameId))).length;
    const verified = await verifyAll(to);
    const perSecond = (count: number, ms: number) => Math.round((count / Math.max(1, ms)) * 1_000);
    return {
      games,
      atTheKill,
      gamesPerSecond: {
        first: perSecond(atTheKill, killedAt - firstAt),
        second: perSecond(games - atTheKill, finishedAt - begunAt),
      },
      recoveredAfterMs: finishedAt - lostAt,
      handOverMs: begunAt - killedAt,
      peakMemoryMb: { first: peakOfLeader, second: other.peakMemoryMb },
      actions: play.actions,
      firstActions: play.firstActions,
      poison: { planted: poison.length, reported },
      lost,
      verified,
    };
  } finally {
    for (const end of endings.reverse()) await end();
  }
}

async function openManager({ redisUrl, databaseUrl }: Endpoints): Promise<Manager> {
  const manager = createGameStateManager({
    game: cardGame,
    cache: createRedisCache({ url: redisUrl }),
    store: createSqlStore({ url: databaseUrl, schema, migrateOnStart: true }),
  });
  await manager.start();
  return manager as Manager;
}

async function createGames(manager: Manager, games: number): Promise<readonly string[]> {
  const players = [randomUUID(), randomUUID()].map((id, n) => ({
    id,
    name: `player ${n + 1}`,
    deck: Array.from({ length: 30 }, () => "spark"),
  }));
  const [one, two] = players;
  if (one === undefined || two === undefined) throw new Error("a game has two players");
  const dealt = createGameState({
    gameId: randomUUID(),
    gameType: "freeplay",
    cards: [{ kind: "energy", id: "spark", name: "Spark", element: "storm" }],
    players: [one, two],
    seed: "rehearsal",
  });
  const gameIds = Array.from({ length: games }, () => randomUUID());
  const left = gameIds.values();
  const createThem = async () => {
    for (const gameId of left) {
      await manager.createGame({ ...dealt, gameId }, { gameType: "freeplay", playerIds: [one.id, two.id] });
    }
  };
  await Promise.all(Array.from({ length: createdAtOnce }, createThem));
  return gameIds;
}

/** Makes no document of these rows, as a program that writes past the store might. */
async function poisonRows({ url }: PostgresServer, gameIds: readonly string[]): Promise<void> {
  await withPostgres(url, (client) =>
    client.query(`UPDATE "${schema}".active_games SET state = 'no document' WHERE id = ANY ($1::uuid[])`, [gameIds]),
  );
}

/** Who holds the daemons' lease; `null` while none does. */
async function holderOf({ url }: PostgresServer): Promise<string | null> {
  const { rows } = await withPostgres(url, (client) =>
    client.query<{ holder: string }>(`SELECT holder FROM "${schema}".game_leases WHERE name = 'recovery-daemon'`),
  );
  return rows[0]?.holder ?? null;
}

/** State and header of each; the log's tail of some counts too, which is near enough. */
const cachedGames = async (redis: Redis): Promise<number> => Math.floor((await redis.dbsize()) / 2);

async function until<T>(attempt: () => Promise<T | false>): Promise<T> {
  const deadline = now() + recoveryWithinMs;
  for (;;) {
    const answer = await attempt().catch((): false => false);
    if (answer !== false) return answer;
    if (now() > deadline) throw new Error("the rehearsal takes too long");
    await sleep(2);
  }
}

async function verifyAll({ redisUrl, databaseUrl }: Endpoints): Promise<Rehearsal["verified"]> {
  const [cache, store] = [createRedisCache({ url: redisUrl }), createSqlStore({ url: databaseUrl, schema })];
  await Promise.all([cache.start(), store.start()]);
  const begun = now();
  const findings: Finding[] = [];
  let games = 0;
  try {
    for await (const event of verify({ cache, store })) {
      if (event.kind === "finding") findings.push(event.finding);
      else games = event.progress.games;
    }
  } finally {
    await Promise.all([cache.close(), store.close()]);
  }
  return { games, gamesPerSecond: Math.round((games / (now() - begun)) * 1_000), findings };
}
