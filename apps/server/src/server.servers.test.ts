import { randomUUID } from "node:crypto";
import { chooseActionFromView } from "@turnkeep/card-rules";
import { patienceMs, startRedis } from "@turnkeep/dev-services";
import { testServers, uniqueName } from "@turnkeep/dev-services/testing";
import { createRedisCache, type RedisCacheOptions } from "@turnkeep/redis-cache";
import { createSqlStore } from "@turnkeep/sql-store";
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { ServerProcess } from "./testing/server-process.js";
import { ask, findMover, playOneMove, type SeenGame, TestPlayer } from "./testing/test-player.js";
import { startTestServer, type TestServer, testSecret } from "./testing/test-server.js";

const { databaseUrl, redisUrl } = testServers();
const schema = uniqueName("server");
const keyPrefix = `${uniqueName("server")}:`;

const stores = (cache: RedisCacheOptions = { url: redisUrl, commandTimeoutMs: patienceMs }) => ({
  cache: createRedisCache({ keyPrefix, ...cache }),
  store: createSqlStore({ url: databaseUrl, schema }),
});

async function query(text: string, values: readonly unknown[] = []): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query(text, [...values])).rows;
  } finally {
    await client.end();
  }
}

beforeAll(async () => {
  const { store } = stores();
  await store.migrate();
  await store.close();
});
afterAll(() => query(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`));

let ada: TestPlayer;
let bo: TestPlayer;
beforeAll(async () => {
  [ada, bo] = [await TestPlayer.create(), await TestPlayer.create()];
});

describe("two servers on the same stores", () => {
  let east: TestServer;
  let west: TestServer;
  beforeAll(async () => {
    [east, west] = await Promise.all([startTestServer(stores()), startTestServer(stores())]);
  });
  afterAll(() => Promise.all([east.stop(), west.stop()]));

  test("players of one game sit on different ones, and are shown each other's actions at once", async () => {
    const { gameId } = await ada.invite(east.address, bo);
    const seats = [
      { player: ada, url: east.address, socket: await ada.connect(east.address) },
      { player: bo, url: west.address, socket: await bo.connect(west.address) },
    ];
    for (const { socket } of seats) {
      socket.say({ type: "watch", gameId });
      await socket.hear("view");
    }
    let over = false;
    for (let moves = 0; !over && moves < 400; moves += 1) {
      for (const { player, url, socket } of seats) {
        const seen = await player.see(url, gameId);
        const action = seen.status === "live" ? chooseActionFromView(seen.view) : null;
        if (action === null) continue;
        const { version: expectedVersion } = seen;
        socket.say({ type: "act", requestId: "r", gameId, writeId: randomUUID(), expectedVersion, action });
        const done = await socket.hear("done");
        over = done.status === "ended";
        const newest = (view: Record<string, unknown>) => view.status === "archived" || view.version === done.version;
        for (const seat of seats) {
          expect(await seat.socket.hear("view", newest)).toMatchObject({ view: { viewerId: seat.player.id } });
        }
        break;
      }
    }
    expect(over).toBe(true);
    expect((await bo.get(west.address, "/history")).body.items).toMatchObject([{ gameId, incomplete: false }]);
    await Promise.all(seats.map(({ socket }) => socket.close()));
  });

  test("a write that is sent again to the other server is applied once", async () => {
    const { gameId } = await ada.invite(east.address, bo);
    const { mover } = await findMover(east.address, gameId, [ada, bo]);
    const seen = await mover.see(west.address, gameId);
    const writeId = randomUUID();
    const action = chooseActionFromView(seen.view);
    const done = await mover.act(west.address, seen, action, { writeId });
    await playOneMove(west.address, gameId, [ada, bo]);
    const again = await mover.act(east.address, seen, action, { writeId });
    expect(done).toMatchObject({ status: 200, body: { duplicate: false } });
    expect(again).toMatchObject({ status: 200, body: { duplicate: true } });
    const stale = await mover.act(east.address, seen, action);
    expect(stale).toMatchObject({ status: 409, body: { code: "RevisionConflict" } });
  });

  test("both begin the same invitation's game at once, and it is one", async () => {
    const { token } = (await ada.post(east.address, "/invites", {})).body;
    const games = await Promise.all(
      [east, west, east, west].map(({ address }) => bo.post(address, "/invites/accept", { token })),
    );
    expect(new Set(games.map(({ body }) => `${body.gameId} ${JSON.stringify(body.view)}`)).size).toBe(1);
  });
});

describe("a server process", () => {
  const environment = {
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
    DATABASE_SCHEMA: schema,
    REDIS_KEY_PREFIX: keyPrefix,
    JWT_SECRET: testSecret,
    PORT: "0",
    RATE_LIMIT_PER_MINUTE: "0",
    ADDRESS_RATE_LIMIT_PER_MINUTE: "0",
    LOG_LEVEL: "debug",
    SHUTDOWN_GRACE_MS: String(patienceMs),
  };
  const started: ServerProcess[] = [];
  const start = (more: Record<string, string> = {}, args: readonly string[] = []) => {
    const server = new ServerProcess({ ...environment, ...more }, args);
    started.push(server);
    return server;
  };
  afterEach(() => Promise.all(started.splice(0).map((server) => server.end("SIGKILL"))));

  test("killed in the middle of a game takes nothing with it: the next one goes on where it was", async () => {
    const first = start();
    const url = await first.address();
    const { gameId } = await ada.invite(url, bo);
    let last: SeenGame | null = null;
    for (let moves = 0; moves < 12; moves += 1) last = await playOneMove(url, gameId, [ada, bo]);
    await first.end("SIGKILL");

    const next = await start().address();
    const player = last?.view.viewerId === ada.id ? ada : bo;
    const seen = await player.see(next, gameId);
    expect(seen.view).toEqual(last?.view);
    let status: string = seen.status;
    for (let moves = 0; status === "live" && moves < 400; moves += 1) {
      status = (await playOneMove(next, gameId, [ada, bo])).status;
    }
    expect(status).toBe("ended");
    const replay = await ada.get(next, `/games/${gameId}/replay`);
    const writes = (replay.body.log as { writeId: string }[]).map(({ writeId }) => writeId);
    expect(writes.length).toBeGreaterThan(12);
    expect(new Set(writes).size).toBe(writes.length);
  });

  test("asked to stop, it says so, flushes and exits with 0; another has all of it", async () => {
    const first = start();
    const url = await first.address();
    const { gameId } = await ada.invite(url, bo);
    const socket = await ada.connect(url);
    const last = await playOneMove(url, gameId, [ada, bo]);
    const exit = await first.end("SIGTERM");
    expect(exit).toMatchObject({ code: 0, signal: null });
    expect(await socket.closed).toMatchObject({ code: 1001 });
    expect(exit.stdout).not.toContain(testSecret);
    expect(exit.stdout).not.toMatch(/ashpaw|Bearer|rillfin/i);
    const [row] = await query(`SELECT revision::text FROM "${schema}".active_games WHERE id = $1`, [gameId]);
    expect(row?.revision).toBe(last.version.split(".")[1]);
  });

  test("set up in a wrong way, it says what is wrong with each setting, without values, and exits with 2", async () => {
    const exit = await start({ PORT: "many", DATABASE_URL: "mysql://root:hunter2@db/x", JWT_SECRET: "hunter2" }).exited;
    expect(exit).toMatchObject({ code: 2, stdout: "" });
    for (const name of ["PORT", "DATABASE_URL", "JWT_SECRET"])
      expect(exit.stderr).toMatch(new RegExp(`^${name}: `, "m"));
    expect(exit.stderr).not.toContain("hunter2");
    expect(await start({}, ["--port"]).exited).toMatchObject({ code: 2 });
  });

  test("without its stores it says so and exits with 1", async () => {
    const exit = await start({ REDIS_URL: "redis://127.0.0.1:1" }).exited;
    expect(exit.code).toBe(1);
    expect(exit.stdout).toContain("CacheUnavailable");
  });
});

test("while the cache is away it is not ready, shows what the database has, and refuses actions until it is back", async () => {
  const redis = await startRedis();
  const server = await startTestServer(stores({ url: redis.url }));
  try {
    const game = await ada.invite(server.address, bo);
    const { mover } = await findMover(server.address, game.gameId, [ada, bo]);
    expect((await ask(server.address, "/readyz")).status).toBe(200);
    await redis.kill();
    await vi.waitFor(async () =>
      expect(await ask(server.address, "/readyz")).toMatchObject({
        status: 503,
        body: { status: "notReady", cache: "down", store: "up" },
      }),
    );
    const seen = await mover.see(server.address, game.gameId);
    expect(seen).toMatchObject({ gameId: game.gameId, stale: true });
    const refused = await mover.act(server.address, seen, chooseActionFromView(seen.view));
    expect(refused).toMatchObject({ status: 503, body: { code: "CacheUnavailable" } });
    expect((await ask(server.address, "/livez")).status).toBe(200);
  } finally {
    await server.stop();
    await redis.stop();
  }
});
