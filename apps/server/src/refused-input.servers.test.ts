import { randomUUID } from "node:crypto";
import { patienceMs } from "@turnkeep/dev-services";
import { testServers, uniqueName } from "@turnkeep/dev-services/testing";
import { createRedisCache } from "@turnkeep/redis-cache";
import { createSqlStore } from "@turnkeep/sql-store";
import { Redis } from "ioredis";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ask, findMover, type SeenGame, TestPlayer } from "./testing/test-player.js";
import { startTestServer, type TestServer, tokenFor } from "./testing/test-server.js";
import { TestSocket } from "./testing/test-socket.js";

const { databaseUrl, redisUrl } = testServers();
const schema = uniqueName("refused");
const keyPrefix = `${uniqueName("refused")}:`;

const redis = new Redis(redisUrl, { lazyConnect: true });
const postgres = new pg.Client({ connectionString: databaseUrl });
let server: TestServer;
let cy: TestPlayer;
/** Who is to move in the live game, and who is not. */
let mover: TestPlayer;
let waiter: TestPlayer;
let live: SeenGame;
let ended: SeenGame;
let deleted: SeenGame;

beforeAll(async () => {
  await Promise.all([redis.connect(), postgres.connect()]);
  const store = createSqlStore({ url: databaseUrl, schema });
  await store.migrate();
  server = await startTestServer({
    cache: createRedisCache({ url: redisUrl, keyPrefix, commandTimeoutMs: patienceMs }),
    store,
  });
  const [ada, bo] = [await TestPlayer.create(), await TestPlayer.create()];
  cy = await TestPlayer.create();
  [live, ended, deleted] = [await ada.invite(url(), bo), await ada.invite(url(), bo), await ada.invite(url(), bo)];
  ({ mover, waiter } = await findMover(url(), live.gameId, [ada, bo]));
  await ada.post(url(), `/games/${ended.gameId}/concede`, { writeId: randomUUID() });
  await server.manager.deleteGame(deleted.gameId);
  const socket = await mover.connect(url());
  for (const { gameId } of [live, ended, deleted]) socket.say({ type: "act", gameId, requestId: "first", ...action });
  for (let answers = 0; answers < 3; answers += 1) await socket.hear("error");
  await socket.close();
});
afterAll(async () => {
  await server.stop();
  redis.disconnect();
  await postgres.query(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`);
  await postgres.end();
});

const url = () => server.address;
const action = { writeId: "write-of-the-test", action: { type: "endTurn" } };

/**
 * Everything that both stores hold, but for headers that hold only a load's token and run out by themselves, and the
 * service clock, which runs.
 */
async function everythingStored(): Promise<Record<string, unknown>> {
  const kept: Record<string, unknown> = {};
  for (const key of (await redis.keys(`*${keyPrefix}*`)).sort()) {
    const isTokenOnly = key.endsWith(":m") && (await redis.hexists(key, "rev")) === 0;
    if (!isTokenOnly) kept[key] = (await redis.dumpBuffer(key))?.toString("hex");
  }
  const tables = await postgres.query(
    "SELECT tablename AS name FROM pg_tables WHERE schemaname = $1 AND tablename <> 'game_service_clock'",
    [schema],
  );
  for (const { name } of tables.rows) {
    const { rows } = await postgres.query(`SELECT t::text FROM "${schema}"."${name}" t ORDER BY 1`);
    kept[name] = rows;
  }
  return kept;
}

let before: Record<string, unknown>;
beforeEach(async () => {
  before = await everythingStored();
  expect(Object.keys(before).length).toBeGreaterThan(5);
});
afterEach(async () => {
  expect(await everythingStored()).toEqual(before);
  expect((await ask(url(), "/readyz")).status).toBe(200);
  expect(server.logged()).not.toContain('"level":50');
});

interface Row {
  readonly who?: () => TestPlayer;
  readonly gameId?: () => string;
  /** Parts of the message, as JSON text. */
  readonly parts?: Record<string, string>;
  readonly code: string;
  readonly reason?: string;
}

const inAction = (text: string) => ({ action: `{"type":"endTurn","at":${text}}` });
const nested = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`;

const rows: [what: string, row: Row][] = [
  ["an id that is no UUID", { gameId: () => "game-1", code: "InvalidGameId" }],
  ["an id in capitals", { gameId: () => live.gameId.toUpperCase(), code: "InvalidGameId" }],
  ["an id in braces", { gameId: () => `{${live.gameId}}`, code: "InvalidGameId" }],
  ["an id with a line feed", { gameId: () => `${live.gameId}\n`, code: "InvalidGameId" }],
  ["half a surrogate pair", { parts: inAction('"\\ud800"'), code: "InvalidState", reason: "unicode" }],
  ["half a pair in a key", { parts: inAction('{"\\udfff":1}'), code: "InvalidState", reason: "unicode" }],
  ["NUL", { parts: inAction('"\\u0000"'), code: "InvalidState", reason: "nul" }],
  ["NUL in a key", { parts: inAction('{"a\\u0000":1}'), code: "InvalidState", reason: "nul" }],
  ["NaN", { parts: inAction("NaN"), code: "InvalidInput" }],
  ["Infinity", { parts: inAction("-Infinity"), code: "InvalidInput" }],
  ["undefined", { parts: inAction("undefined"), code: "InvalidInput" }],
  ["a BigInt", { parts: inAction("1n"), code: "InvalidInput" }],
  ["-0", { parts: inAction("-0"), code: "InvalidState", reason: "number" }],
  ["an integer above 2^53", { parts: inAction("9007199254740993"), code: "InvalidState", reason: "number" }],
  ["1e400", { parts: inAction("1e400"), code: "InvalidState", reason: "number" }],
  ["a key __proto__", { parts: { "\\u005f_proto__": "{}" }, code: "InvalidState", reason: "key" }],
  ["a key constructor", { parts: inAction('{"constructor":{}}'), code: "InvalidState", reason: "key" }],
  ["a key prototype", { parts: inAction('{"prototype":{}}'), code: "InvalidState", reason: "key" }],
  ["depth over 64", { parts: inAction(nested(63)), code: "InvalidState", reason: "depth" }],
  ["no bottom at all", { parts: inAction(nested(20_000)), code: "InvalidState", reason: "depth" }],
  ["a stale version", { parts: { expectedVersion: '"1.0"' }, code: "RevisionConflict" }],
  ["a version of another form", { parts: { expectedVersion: '"latest"' }, code: "InvalidInput" }],
  ["a write id with a space", { parts: { writeId: '"write of mine@1.1"' }, code: "InvalidInput" }],
  ["an unknown field", { parts: { admin: "true" }, code: "InvalidInput" }],
  ["a write after the end", { gameId: () => ended.gameId, code: "GameEnded" }],
  ["a write to a deleted game", { gameId: () => deleted.gameId, code: "GameGone" }],
  ["an action of a stranger", { who: () => cy, code: "Forbidden" }],
  ["an action out of turn", { who: () => waiter, code: "NotYourTurn" }],
  ["an action against the rules", { code: "IllegalAction" }],
];

function textOf(parts: Record<string, string>): string {
  return `{${Object.entries(parts)
    .map(([name, text]) => `"${name}":${text}`)
    .join(",")}}`;
}

describe.each(rows)("%s is refused and leaves nothing in either store", (_what, row) => {
  const { who = () => mover, gameId = () => live.gameId, code, reason } = row;
  const refusal = { code, ...(reason === undefined ? {} : { details: { reason } }) };
  const write = { writeId: `"${randomUUID()}"`, action: '{"type":"endTurn"}', ...row.parts };

  test("over HTTP", async () => {
    const answer = await who().post(url(), `/games/${encodeURIComponent(gameId())}/actions`, textOf(write));
    expect(answer.body).toMatchObject({ ...refusal, status: answer.status });
    expect(answer.headers.get("content-type")).toContain("application/problem+json");
  });

  test("over a socket", async () => {
    const socket = await who().connect(url());
    socket.raw.send(textOf({ type: '"act"', requestId: '"r"', gameId: JSON.stringify(gameId()), ...write }));
    expect(await socket.hear("error")).toMatchObject({ problem: refusal });
    await socket.close();
  });
});

test("bytes that are no UTF-8 are refused, and a socket that sends them is closed", async () => {
  const bytes = Buffer.from(textOf({ writeId: '"write-of-the-test"', action: '{"type":"endTurn?"}' }));
  bytes[bytes.indexOf("?")] = 0xff;
  const answer = await ask(url(), `/games/${live.gameId}/actions`, {
    method: "POST",
    headers: { authorization: `Bearer ${mover.token}`, "content-type": "application/json" },
    body: new Uint8Array(bytes),
  });
  expect(answer).toMatchObject({ status: 400, body: { code: "InvalidInput" } });
  const socket = await mover.connect(url());
  socket.raw.send(bytes, { binary: false }, () => undefined);
  expect(await socket.closed).toMatchObject({ code: 1007 });
});

test("too much at once is refused before it is parsed", async () => {
  const text = textOf({ writeId: '"write-of-the-test"', action: `"${"x".repeat(1_100_000)}"` });
  const answer = await mover.post(url(), `/games/${live.gameId}/actions`, text);
  expect(answer).toMatchObject({ status: 413, body: { code: "StateTooLarge" } });
  const socket = await mover.connect(url());
  socket.raw.send(text, () => undefined);
  expect(await socket.closed).toMatchObject({ code: 1009 });
});

test.each<[string, object]>([
  ["an id in braces", { gameId: "{a}" }],
  ["NUL in a name", { name: "a\0" }],
  ["half a surrogate pair in a name", { name: "\ud800" }],
  ["an opponent who has not accepted", { opponentId: randomUUID() }],
  ["an unknown type", { gameType: "toString" }],
  ["an unknown deck", { deck: "__proto__" }],
  ["an unknown field", { state: {} }],
])("a new game with %s is not made", async (_what, change) => {
  const answer = await mover.post(url(), "/games", { writeId: randomUUID(), npcId: "kilnkeeper", ...change });
  expect(answer).toMatchObject({ status: 400, body: { status: 400 } });
});

test("a caller who is refused changes nothing", async () => {
  const expired = await tokenFor(mover.id, { exp: 1_000_000_000 });
  const foreign = await tokenFor(mover.id, { secret: "the secret of another identity provider" });
  const unsigned = [{ alg: "none" }, { sub: mover.id, exp: 4_000_000_000 }]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
  const body = JSON.stringify(action);
  for (const token of ["", expired, foreign, `${unsigned}.`]) {
    const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
    const answer = await ask(url(), `/games/${live.gameId}/actions`, { method: "POST", headers, body });
    expect(answer).toMatchObject({ status: 401, body: { code: "Unauthenticated" } });
    const socket = await TestSocket.open(url());
    socket.say({ type: "authenticate", token });
    socket.say({ type: "act", requestId: "r", gameId: live.gameId, ...action });
    expect(await socket.closed).toMatchObject({ code: 1008 });
  }
  const silent = await TestSocket.open(url());
  silent.say({ type: "act", requestId: "r", gameId: live.gameId, ...action });
  expect(await silent.closed).toMatchObject({ code: 1008 });
  await expect(TestSocket.open(url(), { origin: "https://evil.example" })).rejects.toMatchObject({ status: 403 });
});

test("what a new game leaves would be noticed", async () => {
  await mover.invite(url(), cy);
  const after = await everythingStored();
  expect(Object.keys(after).length).toBeGreaterThan(Object.keys(before).length);
  expect(after.active_games).not.toEqual(before.active_games);
  before = after;
});
