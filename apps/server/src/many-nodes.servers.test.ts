import { randomUUID } from "node:crypto";
import { requests } from "@turnkeep/api";
import { chooseActionFromView } from "@turnkeep/card-rules";
import { patienceMs } from "@turnkeep/dev-services";
import { testServers, uniqueName } from "@turnkeep/dev-services/testing";
import { createSqlStore } from "@turnkeep/sql-store";
import pg from "pg";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { Roaming } from "./testing/roaming.js";
import { ServerProcess } from "./testing/server-process.js";
import { playOneMove, type SeenGame, TestPlayer } from "./testing/test-player.js";
import { testSecret } from "./testing/test-server.js";

const { databaseUrl, redisUrl } = testServers();
const schema = uniqueName("nodes");
const environment = {
  DATABASE_URL: databaseUrl,
  REDIS_URL: redisUrl,
  DATABASE_SCHEMA: schema,
  REDIS_KEY_PREFIX: `${uniqueName("nodes")}:`,
  JWT_SECRET: testSecret,
  PORT: "0",
  MIGRATE_ON_START: "false",
  RATE_LIMIT_PER_MINUTE: "0",
  ADDRESS_RATE_LIMIT_PER_MINUTE: "0",
  NEW_GAMES_PER_HOUR: "0",
  SHUTDOWN_GRACE_MS: String(patienceMs),
};

async function query(text: string, values: readonly unknown[] = []): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query(text, [...values])).rows;
  } finally {
    await client.end();
  }
}

let players: TestPlayer[] = [];
beforeAll(async () => {
  const store = createSqlStore({ url: databaseUrl, schema });
  await store.migrate();
  await store.close();
  players = await Promise.all(Array.from({ length: 6 }, () => TestPlayer.create()));
});
afterAll(() => query(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`));

const started: ServerProcess[] = [];
const start = (program: "main" | "next" = "main") => {
  const server = new ServerProcess(environment, [], program);
  started.push(server);
  return server;
};
afterEach(() => Promise.all(started.splice(0).map((server) => server.end("SIGKILL"))));

interface Running {
  readonly server: ServerProcess;
  readonly address: string;
}
const run = async (program: "main" | "next" = "main"): Promise<Running> => {
  const server = start(program);
  return { server, address: await server.address() };
};

/** Plays one match to its end, every request to another server, and counts what was acknowledged. */
async function playMatch(roaming: Roaming, seats: readonly TestPlayer[]): Promise<{ gameId: string; acted: string[] }> {
  const [one, two] = seats;
  if (one === undefined || two === undefined) throw new Error("two players");
  const { token } = await roaming.ask(one, requests.createInvite({}));
  const { gameId } = await roaming.ask(two, requests.acceptInvite({ token }));
  const watched = roaming.watch(two, gameId);
  const acted: string[] = [];
  for (let status = "live"; status === "live"; ) {
    for (const player of seats) {
      const seen = await roaming.ask(player, requests.getGame(gameId));
      status = seen.status;
      const action = status === "live" ? chooseActionFromView(seen.view) : null;
      if (action === null || seen.version === null) continue;
      const write = { writeId: randomUUID(), expectedVersion: seen.version, action };
      status = (await roaming.ask(player, requests.act(gameId, write))).status;
      acted.push(write.writeId);
      break;
    }
  }
  expect(await watched).toMatchObject({ gameId, status: "archived", result: { turnCount: expect.any(Number) } });
  return { gameId, acted };
}

test("matches go on over servers that are killed and rolled: nothing is lost, and a retry solves everything", async () => {
  let running: readonly Running[] = await Promise.all([run(), run()]);
  const roaming = new Roaming(() => running.map(({ address }) => address));
  let churning = true;
  const matches: { gameId: string; acted: string[] }[] = [];
  const tables = [players.slice(0, 2), players.slice(2, 4), players.slice(4, 6)].map(async (seats) => {
    do matches.push(await playMatch(roaming, seats));
    while (churning);
  });
  const churn = async () => {
    const signals = ["SIGKILL", "SIGTERM"] as const;
    // Until a kill has hit a client in the middle of a request.
    for (let turn = 0; turn < 4 || roaming.retries === 0; turn += 1) {
      const signal = signals[turn % 2] ?? "SIGKILL";
      const next = await run();
      const [oldest] = running;
      running = [...running.slice(1), next];
      const exit = await oldest?.server.end(signal);
      if (signal === "SIGTERM") expect(exit?.code, exit?.stdout.slice(-2_000)).toBe(0);
    }
    churning = false;
  };
  await Promise.all([churn(), ...tables]);

  expect(roaming.retries).toBeGreaterThan(0);
  expect(matches.length).toBeGreaterThanOrEqual(3);
  const [reader] = players;
  for (const { gameId, acted } of matches) {
    if (reader === undefined) throw new Error("no players");
    const replay = await roaming.ask(reader, requests.getReplay(gameId));
    const [row] = await query(`SELECT replay_data->'log' AS log FROM "${schema}".game_history WHERE game_id = $1`, [
      gameId,
    ]);
    expect(row?.log).toMatchObject(acted.map((writeId) => ({ writeId })));
    expect(replay.result).toMatchObject({ turnCount: expect.any(Number) });
  }
});

test("while a newer schema version is rolled out, both serve: what the older cannot read it leaves alone", async () => {
  const [older, newer] = await Promise.all([run("main"), run("next")]);
  const [ada, bo] = players;
  if (ada === undefined || bo === undefined) throw new Error("no players");
  const { gameId } = await ada.invite(older.address, bo);
  await playOneMove(older.address, gameId, [ada, bo]);
  const socket = await bo.connect(older.address);
  socket.say({ type: "watch", gameId });
  await socket.hear("view");

  // The newer server reads what the older one wrote, and writes its own version over it.
  const upgraded = await playOneMove(newer.address, gameId, [ada, bo]);
  expect(await socket.hear("error")).toMatchObject({ gameId, problem: { status: 503, code: "UnsupportedSchema" } });
  const refused = { status: 503, body: { code: "UnsupportedSchema" } };
  const write = { writeId: randomUUID(), action: { type: "concede" } };
  for (let round = 0; round < 3; round += 1) {
    expect(await ada.get(older.address, `/games/${gameId}`)).toMatchObject(refused);
    expect(await ada.post(older.address, `/games/${gameId}/actions`, write)).toMatchObject(refused);
  }
  expect(await ada.get(older.address, "/games")).toMatchObject({ status: 200 });
  const seen = await ada.get(newer.address, `/games/${gameId}`);
  expect(seen).toMatchObject({ status: 200, body: { version: upgraded.version, status: "live" } });

  // Games of the newer one alone, and those that the older one goes on with, do not disturb each other.
  const fresh = await bo.invite(newer.address, ada);
  expect(await bo.get(older.address, `/games/${fresh.gameId}`)).toMatchObject(refused);
  const old = await ada.invite(older.address, bo);
  await playOneMove(older.address, old.gameId, [ada, bo]);

  const roaming = new Roaming(() => [older.address, newer.address]);
  const conceded = await roaming.ask(ada, requests.act(gameId, write));
  expect(conceded).toMatchObject({ status: "ended", result: { loser: ada.id } });
  for (let last: SeenGame | null = null; last?.status !== "ended"; ) {
    last = await playOneMove(newer.address, old.gameId, [ada, bo]);
  }
  const rows = await query(`SELECT status, schema_version FROM "${schema}".active_games WHERE id = ANY($1)`, [
    [gameId, fresh.gameId, old.gameId],
  ]);
  expect(rows.map(({ status }) => status).sort()).toEqual(["archived", "archived", "live"]);
  const exit = await older.server.end("SIGTERM");
  expect(exit.code).toBe(0);
  expect(exit.stdout).not.toContain("quarantine");
  const steps = await bo.get(newer.address, `/games/${gameId}/replay/steps`);
  expect(steps).toMatchObject({ status: 200, body: { total: 3, complete: true } });
  await socket.close();
});
