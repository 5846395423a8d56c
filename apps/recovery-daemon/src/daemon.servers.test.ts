import { startRedis } from "@turnkeep/dev-services";
import { testServers, uniqueName } from "@turnkeep/dev-services/testing";
import { Redis } from "ioredis";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { DaemonProcess } from "./testing/daemon-process.js";
import {
  createGame,
  type DoomedServer,
  daemonEnvironment,
  type Place,
  Rows,
  startDoomedServer,
  until,
  writeBehind,
} from "./testing/playground.js";

let place: Place;
let rows: Rows;
let cleanUp: (() => Promise<unknown>)[];

beforeEach(() => {
  const name = uniqueName("daemon");
  place = { ...testServers(), schema: name, keyPrefix: `${name}:` };
  rows = new Rows(place);
  cleanUp = [() => rows.end()];
});
afterEach(async () => {
  for (const work of cleanUp.reverse()) await work();
});

async function doomedServer(where: Place = place): Promise<DoomedServer> {
  const server = await startDoomedServer(where);
  cleanUp.push(() => server.vanish());
  return server;
}

function daemon(environment: Record<string, string> = {}, where: Place = place): DaemonProcess {
  const started = new DaemonProcess(daemonEnvironment(where, environment));
  cleanUp.push(() => started.kill());
  return started;
}

const readiness = async (one: DaemonProcess) => {
  const response = await fetch(`${await one.address()}/readyz`);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};
const leases = () => rows.query<{ holder: string }>("SELECT holder FROM $schema.game_leases WHERE expires_at > now()");

test("what a dead server left reaches Postgres, and its interrupted ending is finished", async () => {
  const server = await doomedServer();
  const [left, ended] = [await createGame(server.manager), await createGame(server.manager)];
  const written = await writeBehind(server.manager, left);
  server.dieBefore("archive");
  const outcome = { endReason: "draw", winnerIds: [], winnerIsNpc: false } as const;
  await expect(server.manager.endGame(ended, outcome)).rejects.toMatchObject({ code: "CacheUnavailable" });

  const one = daemon();
  await one.ready();
  await until("the leftover is flushed", async () => (await rows.version(left)) === written);
  await until("the ending is finished", async () => (await rows.status(ended)) === "archived");
  expect(await rows.query("SELECT 1 FROM $schema.game_history WHERE game_id = $1", [ended])).toHaveLength(1);
  expect(await readiness(one)).toMatchObject({ status: 200, body: { lease: "held", store: "up", cache: "up" } });
});

test("games are back in a Redis that was killed and came up empty, and readiness tells the outage", async () => {
  const first = await startRedis();
  const own = { ...place, redisUrl: first.url };
  const server = await doomedServer(own);
  const gameIds = [await createGame(server.manager), await createGame(server.manager)];
  const one = daemon({ BACKOFF_MAX_MS: "200" }, own);
  await one.ready();

  await first.kill();
  await vi.waitFor(async () =>
    expect(await readiness(one)).toMatchObject({ status: 503, body: { cache: "down", store: "up" } }),
  );
  const second = await startRedis({ port: first.port });
  cleanUp.push(() => second.stop());
  const redis = new Redis(second.url, { lazyConnect: true });
  await redis.connect();
  cleanUp.push(async () => redis.disconnect());
  const cached = () => redis.exists(...gameIds.map((id) => `${own.keyPrefix}game:${id}`));
  await until("both games are cached again", async () => (await cached()) === 2);
  await until("it is ready again", async () => (await readiness(one)).status === 200);
});

test("games are back within seconds from a Redis that was rewound, emptied or replaced while no connection broke", async () => {
  const own = await startRedis({ extraArgs: ["--enable-debug-command", "local"] });
  const empty = await startRedis({ extraArgs: ["--repl-diskless-sync-delay", "0"] });
  cleanUp.push(() => Promise.all([own.stop(), empty.stop()]));
  const where = { ...place, redisUrl: own.url };
  const server = await doomedServer(where);
  const one = daemon({}, where);
  await one.ready();
  const redis = new Redis(own.url);
  cleanUp.push(async () => redis.disconnect());
  await until("it has looked", async () => (await redis.exists(`${where.keyPrefix}deployment:{0}:identity`)) === 1);
  await redis.save();
  const gameIds = await Promise.all(Array.from({ length: 20 }, () => createGame(server.manager)));
  const cached = () => redis.exists(...gameIds.map((id) => `${where.keyPrefix}game:${id}`));
  const losses = [
    async () => {
      await redis.call("DEBUG", "RELOAD", "NOSAVE");
      await redis.call("DEBUG", "CHANGE-REPL-ID");
    },
    async () => void (await redis.flushall()),
    async () => {
      await redis.replicaof("127.0.0.1", empty.port);
      await until("it has what the other has", async () => (await redis.info()).includes("master_link_status:up"));
      await redis.replicaof("NO", "ONE");
    },
  ];
  for (const [before, lose] of losses.entries()) {
    expect(await cached()).toBe(20);
    await lose();
    expect(await cached()).toBeLessThan(20);
    await until("all games are cached again", async () => (await cached()) === 20);
    await until("it said so once", async () => one.output.split("cache was emptied or replaced").length === before + 2);
  }
});

test("of two daemons one works and one stands by; when the first is killed, the second takes over", async () => {
  const server = await doomedServer();
  const [one, two] = [daemon({ LEASE_MS: "1000" }), daemon({ LEASE_MS: "1000" })];
  await Promise.all([one.ready(), two.ready()]);
  const roles = await vi.waitFor(async () => {
    const both = await Promise.all([readiness(one), readiness(two)]);
    expect(both.map(({ status, body }) => `${body.lease} ${status}`).sort()).toEqual(["held 200", "standby 200"]);
    return both.map(({ body }) => body.lease);
  });
  const [working, standby] = roles[0] === "held" ? [one, two] : [two, one];

  working.signal("SIGKILL");
  await working.ended();
  const gameId = await createGame(server.manager);
  const written = await writeBehind(server.manager, gameId);
  await until("the other flushes", async () => (await rows.version(gameId)) === written);
  await vi.waitFor(async () => expect(await readiness(standby)).toMatchObject({ body: { lease: "held" } }));
});

test("a working daemon that stands still is replaced within its lease; when it goes on, it stands by", async () => {
  const server = await doomedServer();
  const first = daemon({ LEASE_MS: "1000" });
  await first.ready();
  await until("it works", async () => (await readiness(first)).body.lease === "held");
  const second = daemon({ LEASE_MS: "1000" });
  await second.ready();

  first.signal("SIGSTOP");
  const gameId = await createGame(server.manager);
  const written = await writeBehind(server.manager, gameId);
  await until("the other flushes", async () => (await rows.version(gameId)) === written);
  expect((await readiness(second)).body.lease).toBe("held");
  first.signal("SIGCONT");
  await until("it stands by", async () => (await readiness(first)).body.lease === "standby");
  expect((await readiness(second)).body.lease).toBe("held");
});

test("killed in the middle, the next one goes on where it was", async () => {
  const server = await doomedServer();
  const games = await Promise.all(Array.from({ length: 20 }, () => createGame(server.manager)));
  const one = daemon({ LEASE_MS: "1000" });
  await one.ready();
  const written = await Promise.all(games.map((id) => writeBehind(server.manager, id)));
  one.signal("SIGKILL");
  await one.ended();
  const two = daemon({ LEASE_MS: "1000" });
  await two.ready();
  await until("all games are flushed", async () => {
    return (await Promise.all(games.map((id) => rows.version(id)))).every((version, i) => version === written[i]);
  });
});

test("SIGTERM ends it within its grace time, with the lease given back", async () => {
  const one = daemon({ LEASE_MS: "3600000", SHUTDOWN_GRACE_MS: "60000" });
  await one.ready();
  await until("it holds the lease", async () => (await leases()).length === 1);
  const asked = performance.now();
  one.signal("SIGTERM");
  expect(await one.ended()).toBe(0);
  expect(performance.now() - asked).toBeLessThan(60_000);
  expect(await leases()).toHaveLength(0);
  expect(one.output).toContain('"stopped"');
});

test("a stop is announced: for a while the daemon says that it is not ready, and works on", async () => {
  const server = await doomedServer();
  const gameId = await createGame(server.manager);
  const one = daemon({ STOP_ANNOUNCED_MS: "3000" });
  await one.ready();
  one.signal("SIGTERM");
  await vi.waitFor(async () =>
    expect(await readiness(one)).toMatchObject({ status: 503, body: { status: "shuttingDown" } }),
  );
  const written = await writeBehind(server.manager, gameId);
  await until("the leftover is flushed", async () => (await rows.version(gameId)) === written);
  expect((await fetch(`${await one.address()}/livez`)).status).toBe(200);
  expect(await one.ended()).toBe(0);
  expect(await leases()).toHaveLength(0);
});

test("metrics tell how it fares and what its manager does, on a port of their own, and name no game", async () => {
  const server = await doomedServer();
  const gameId = await createGame(server.manager);
  const quarantined = await createGame(server.manager);
  await rows.query("UPDATE $schema.active_games SET status = 'quarantined', quarantine_reason = 'test' WHERE id = $1", [
    quarantined,
  ]);
  const one = daemon({ METRICS_PORT: "0" });
  const { metrics: url } = JSON.parse(await one.line("metrics are served")) as { metrics: string };
  await one.ready();
  let metrics = "";
  // A round is counted once it has ended. Another task may be the one that flushes a leftover, so that a next one is left.
  await until("a round that flushed a leftover is counted", async () => {
    const written = await writeBehind(server.manager, gameId);
    await until("the leftover is flushed", async () => (await rows.version(gameId)) === written);
    metrics = await (await fetch(url)).text();
    return /^turnkeep_daemon_task_games_total\{task="flush-leftovers",outcome="done"\} [1-9]/m.test(metrics);
  });
  for (const line of [
    /^turnkeep_daemon_ready 1$/m,
    /^turnkeep_daemon_lease_held 1$/m,
    /^turnkeep_daemon_rounds_total\{task="flush-leftovers"\} [1-9]/m,
    /^turnkeep_daemon_failures_in_a_row\{task="flush-leftovers"\} 0$/m,
    /^turnkeep_daemon_task_age_seconds\{task="recover-games"\} \d/m,
    /^turnkeep_game_row_updates_total \d/m,
    /^turnkeep_game_row_hot_updates_total \d/m,
    /^turnkeep_pool_connections_max 10$/m,
    /^turnkeep_flushed_games_total\{outcome="written"\} [1-9]/m,
    /^turnkeep_quarantined_games 1$/m,
    /^turnkeep_store_up 1$/m,
    /^process_cpu_seconds_total /m,
  ]) {
    expect(metrics).toMatch(line);
  }
  expect(metrics).not.toContain(gameId);
  expect((await fetch(`${await one.address()}/metrics`)).status).toBe(404);
});
