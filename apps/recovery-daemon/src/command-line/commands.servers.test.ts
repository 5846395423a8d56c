import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testServers, uniqueName } from "@turnkeep/dev-services/testing";
import { createRedisCache } from "@turnkeep/redis-cache";
import { createSqlStore } from "@turnkeep/sql-store";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runWith } from "../testing/fake-host.js";
import {
  createGame,
  type DoomedServer,
  daemonEnvironment,
  type Place,
  Rows,
  startDoomedServer,
  writeBehind,
} from "../testing/playground.js";
import { runProgram } from "../testing/run-program.js";

/*
 * Every command that is not tried by a file of its own: as it is meant, by the built program; with --json, with each thing
 * that is wrong around it and with what a terminal is asked, in this process. To what a command gives, the program adds
 * its streams and its status alone, and one command tries each of them.
 */

let place: Place;
let rows: Rows;
let server: DoomedServer;
const role = uniqueName("commands_role");
const unknown = "00000000-0000-4000-8000-000000000000";
/** Games by what a test does to them. */
const games: Record<string, string> = {};

beforeAll(async () => {
  const name = uniqueName("commands");
  place = { ...testServers(), schema: name, keyPrefix: `${name}:` };
  rows = new Rows(place);
  server = await startDoomedServer(place);
  const wanted = [
    "live",
    "ended",
    "refused",
    "refusedToo",
    "spoiled",
    "dropped",
    "endedNow",
    "deleted",
    "stale",
    "lost",
  ];
  for (const one of wanted) games[one] = await createGame(server.manager);
  await server.manager.endGame(game("ended"), { endReason: "draw", winnerIds: [], winnerIsNpc: false });
  const cache = createRedisCache({ url: place.redisUrl, keyPrefix: place.keyPrefix });
  const store = createSqlStore({ url: place.databaseUrl, schema: place.schema });
  await Promise.all([cache.start(), store.start()]);
  await cache.belongTo(await store.belongTo("card-game"));
  for (const one of ["refused", "refusedToo", "spoiled", "dropped"]) {
    const gameId = game(one);
    if (one !== "spoiled") await writeBehind(server.manager, gameId);
    const [row, copy] = [await store.read(gameId), await cache.claimGame(gameId)];
    if (row.kind !== "row") throw new Error("the game has a row");
    const kept = one === "spoiled" ? "[1]" : JSON.stringify(copy);
    await store.quarantine(row.game, "refused for a test", new TextEncoder().encode(kept));
    await cache.evict(gameId);
  }
  await rows.query("UPDATE $schema.active_games SET state = '[1]' WHERE id = $1", [game("spoiled")]);
  await rows.query("UPDATE $schema.active_games SET last_action_at = now() - interval '9 days' WHERE id = $1", [
    game("stale"),
  ]);
  await cache.evict(game("lost"));
  await Promise.all([cache.close(), store.close()]);
  await rows.query(`CREATE ROLE "${role}" LOGIN PASSWORD 'secret-word'`);
});
afterAll(async () => {
  await server.vanish();
  await rows.end();
  const cleaner = new Rows(place);
  await cleaner.query(`DROP ROLE IF EXISTS "${role}"`);
  await cleaner.end();
});

function game(name: string): string {
  return games[name] ?? unknown;
}

/** The arguments, with the games that they name. */
const named = (args: readonly string[]) => args.map((arg) => (arg.startsWith("@") ? game(arg.slice(1)) : arg));

const run = (args: readonly string[], environment: Record<string, string> = {}) =>
  runProgram(named(args), daemonEnvironment(place, environment));
const runInProcess = (args: readonly string[], environment: Record<string, string> = {}) =>
  runWith(named(args), daemonEnvironment(place, environment));

interface Case {
  readonly args: readonly string[];
  readonly status?: number;
  readonly text: RegExp;
  /** What its last line holds with --json. */
  readonly json: object;
  /** Where a second call would find something else. */
  readonly jsonArgs?: readonly string[];
}

const version = expect.stringMatching(/^\d+\.\d+$/);
const cases: readonly Case[] = [
  {
    args: ["history"],
    text: /^game +type .*\n.* draw +none/,
    json: { outcome: { endReason: "draw" }, incomplete: false },
  },
  { args: ["history", "--reason", "prizes"], text: /^no such game\n$/, json: {} },
  {
    args: ["replay", "@ended", "--whole"],
    text: /ended by draw after 0 turns/,
    json: { log: [], record: { turnCount: 0 } },
  },
  { args: ["replay", "@ended", "--viewer", "spectator"], text: /^the log is for its players$/m, json: { log: null } },
  { args: ["replay", "@live", "--whole"], status: 3, text: /^$/, json: {} },
  { args: ["log", "@live"], text: /^$/, json: {} },
  { args: ["log", unknown], status: 3, text: /^$/, json: {} },
  {
    args: ["watch", "@ended"],
    text: /^Redis has nothing {2}Postgres \d+\.\d+ archived\n$/,
    json: { store: { status: "archived" } },
  },
  { args: ["watch", unknown], status: 3, text: /^Redis has nothing {2}Postgres has nothing\n$/, json: { cache: null } },
  {
    args: ["recover", "--dry-run"],
    text: /^1 games would be loaded, 0 unverified copies compared, 4 of 5 left alone\nsuch as /,
    json: { dryRun: true, missing: 1, there: 4, games: 5 },
  },
  {
    args: ["recover"],
    text: /^1 recovered, 4 were there, 0 of 5 failed\n$/,
    json: { recovered: 0, alreadyThere: 5, failed: [], total: 5 },
  },
  { args: ["canary"], text: /^documents in .*\nrow +3 +5 +readable\n/, json: { isWell: true, games: 9 } },
  { args: ["canary", "--replays"], text: /^history +3 +2 +readable$/m, json: { isWell: true, games: 10 } },
  { args: ["quarantine", "list"], text: /refused for a test/, json: { status: "quarantined" } },
  {
    args: ["quarantine", "show", "@refused"],
    text: /^a retry +brings back the copy of version \d+\.2$/m,
    json: { reason: "refused for a test", keptVersion: version, unreadable: null },
  },
  { args: ["quarantine", "show", "@spoiled", "--kept"], text: /^\[1\]\n$/, json: [1] },
  { args: ["quarantine", "show", "@live"], status: 3, text: /^$/, json: {} },
  { args: ["quarantine", "retry", "@spoiled", "--yes"], status: 3, text: /^$/, json: { kind: "unreadable" } },
  {
    args: ["quarantine", "retry", "@refused", "--yes"],
    text: /^released at version \d+\.2; its next touch loads it\n$/,
    json: { kind: "released", version: expect.stringMatching(/\.1$/) },
    jsonArgs: ["quarantine", "retry", "@refusedToo", "--row", "--yes"],
  },
  {
    args: ["quarantine", "drop", "@spoiled", "--yes"],
    text: /^deleted /,
    json: { deleted: true },
    jsonArgs: ["quarantine", "drop", "@dropped", "--yes"],
  },
  { args: ["expire", "--idle-minutes", "1440", "--yes"], text: /^1 ended\n$/, json: { expired: 0, failed: [] } },
  {
    args: ["end", "@endedNow", "--reason", "draw", "--yes"],
    text: /^ended by draw after 0 turns/,
    json: { outcome: { endReason: "draw" }, winners: [] },
  },
  { args: ["end", unknown, "--reason", "draw", "--yes"], status: 3, text: /^$/, json: {} },
  {
    args: ["delete", "@deleted", "--yes"],
    text: /^deleted /,
    json: { deleted: true },
    jsonArgs: ["delete", "@lost", "--yes"],
  },
  { args: ["delete", unknown, "--yes"], status: 3, text: /^$/, json: {} },
  {
    args: ["top", "--once", "--every", "50"],
    text: /^\S+ {2}\d+ games, \d+ quarantined {2}\d+ wait for Postgres, none is overdue\n$/,
    json: { processes: [], total: { actionsPerSecond: 0, cacheAway: 0 } },
  },
  { args: ["migrate", "status"], text: /^0001-games +applied$/m, json: { pending: [] } },
  { args: ["migrate", "plan"], text: /^nothing to apply\n$/, json: { planned: [] } },
  { args: ["migrate", "up"], text: /^nothing to apply\n$/, json: { applied: [] } },
];

test.each(cases.map((one) => [one.args.join(" "), one] as const))(
  "%s: for people, and with --json for programs",
  async (_title, { args, status = 0, text, json, jsonArgs }) => {
    const shown = await run(args);
    expect([shown.status, shown.stdout], shown.stderr).toEqual([status, expect.stringMatching(text)]);
    const parsed = await runInProcess([...(jsonArgs ?? args), "--json"]);
    expect(parsed.status, parsed.stderr).toBe(status);
    const lines = parsed.stdout
      .trim()
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as object);
    expect(lines.at(-1) ?? {}).toMatchObject(json);
    for (const { stderr } of [shown, parsed]) expect(stderr).toMatch(status === 0 ? /^$/ : /^(turnkeep: [^\n]+\n)?$/);
  },
);

const neverMade = join(tmpdir(), uniqueName("never-made"));

/** One call of each command that looks at the stores, and which of them it needs. */
const calls: readonly (readonly [args: readonly string[], needs: "both" | "Postgres"])[] = [
  [["list"], "both"],
  [["history"], "Postgres"],
  [["replay", unknown, "--whole"], "Postgres"],
  [["log", unknown], "both"],
  [["watch", unknown], "both"],
  [["verify"], "both"],
  [["canary"], "both"],
  [["top", "--once"], "both"],
  [["recover", "--dry-run"], "both"],
  [["recover"], "both"],
  [["quarantine", "list"], "Postgres"],
  [["quarantine", "show", unknown], "Postgres"],
  [["quarantine", "retry", unknown, "--yes"], "both"],
  [["quarantine", "drop", unknown, "--yes"], "both"],
  [["expire", "--yes"], "both"],
  [["end", unknown, "--reason", "draw", "--yes"], "both"],
  [["delete", unknown, "--yes"], "both"],
  [["export", neverMade], "both"],
  [["player", "export", "nobody", neverMade], "both"],
  [["player", "erase", "nobody", "--yes"], "both"],
  [["migrate", "status"], "Postgres"],
  [["migrate", "plan"], "Postgres"],
  [["migrate", "up"], "Postgres"],
  [["migrate", "down", "--yes"], "Postgres"],
];

const failing = [
  ...calls.map(([args, needs]) => [args.join(" "), args, needs, runInProcess] as const),
  ["the program: list", ["list"], "both", run] as const,
];

describe.each(failing)("%s", (_title, args, needs, runIt) => {
  /** With this status, and one sentence without a secret. */
  async function fails(
    status: number,
    sentence: RegExp,
    environment: Record<string, string>,
    more: readonly string[] = [],
  ) {
    const ended = await runIt([...args, ...more], environment);
    expect([ended.status, ended.stdout], ended.stderr).toEqual([status, ""]);
    expect(ended.stderr).toMatch(sentence);
    expect(existsSync(neverMade)).toBe(false);
    expect(ended.stderr).not.toMatch(/secret-word|^\s+at /m);
  }
  const databaseUrl = (user: string, password: string) => {
    const url = new URL(place.databaseUrl);
    [url.username, url.password] = [user, password];
    return { DATABASE_URL: url.href };
  };

  test("servers that cannot be reached are status 1", async () => {
    await fails(1, /^turnkeep: [^\n]+\n$/, { DATABASE_URL: "postgres://u:secret-word@127.0.0.1:1/x" });
    if (needs === "both")
      await fails(1, /^turnkeep: Redis cannot be reached\n$/, { REDIS_URL: "redis://:secret-word@127.0.0.1:1" });
  });

  test("a wrong password, a missing right, a wrong flag and a wrong setting are status 2", async () => {
    await Promise.all([
      fails(2, /^turnkeep: Postgres refuses the password: [^\n]+\n$/, databaseUrl(role, "secret-word-not")),
      fails(2, /^turnkeep: Postgres refuses the user a right: [^\n]+\n$/, databaseUrl(role, "secret-word")),
      fails(2, /unknown option '--wrong'/, {}, ["--wrong"]),
      fails(2, /^turnkeep: the settings are not valid:\n[^\n]+\n$/, { REDIS_COMMAND_TIMEOUT_MS: "soon" }),
    ]);
  });
});

const changes = calls
  // What cannot be taken back is not asked about: it takes --yes alone.
  .filter(([args]) => args.includes("--yes") && args[0] !== "player")
  .map(([args]) => args.filter((arg) => arg !== "--yes").join(" "));
const there: Readonly<Record<string, string>> = { retry: "refusedToo", drop: "refusedToo" };

describe("what changes a game", () => {
  beforeAll(async () => {
    const gameId = await createGame(server.manager);
    games.asked = gameId;
    const store = createSqlStore({ url: place.databaseUrl, schema: place.schema });
    await store.start();
    games.refusedToo = await createGame(server.manager);
    const row = await store.read(game("refusedToo"));
    if (row.kind === "row") await store.quarantine(row.game, "again", new Uint8Array([1]));
    await store.close();
    await rows.query("UPDATE $schema.active_games SET last_action_at = now() - interval '9 days' WHERE id = $1", [
      gameId,
    ]);
  });

  test.each(changes)("%s is asked for by its name, and needs a terminal or --yes", async (title) => {
    const given = title.split(" ");
    const args = given.map((arg) => (arg === unknown ? game(there[given[1] ?? ""] ?? "asked") : arg));
    const environment = daemonEnvironment(place);
    const alone = await runWith(args, environment);
    expect([alone.status, alone.stdout]).toEqual([2, ""]);
    expect(alone.stderr).toMatch(/^turnkeep: it would .+: give --yes, since there is no terminal to ask on\n$/);
    const refused = await runWith(args, environment, { answer: "no" });
    expect(refused).toMatchObject({ status: 1, stdout: "", stderr: "turnkeep: nothing was done\n" });
    expect(refused.asked).toEqual([expect.stringMatching(/^This will .+\. Go on\? \[y\/N\] $/)]);
    expect(await rows.status(game("asked"))).toBe("live");
    expect(await rows.status(game("refusedToo"))).toBe("quarantined");
  });

  test("a yes on the terminal does it", async () => {
    const { status, asked } = await runWith(["delete", game("asked")], daemonEnvironment(place), {
      answer: "y",
    });
    expect([status, await rows.status(game("asked"))]).toEqual([0, "deleted"]);
    expect(asked[0]).toContain(`the game ${game("asked")} (live, freeplay, turn 0, of `);
  });
});

test("what a retry brings back is what was quarantined, and it is played on", async () => {
  const gameId = game("refused");
  expect((await server.manager.loadState(gameId))?.state.recordCount).toBe(1);
  await writeBehind(server.manager, gameId);
  expect((await server.manager.loadState(gameId))?.state.recordCount).toBe(2);
});

test("canary names what this version cannot read, and ends with status 3; down and up go there and back", async () => {
  const gameId = await createGame(server.manager);
  await rows.query("UPDATE $schema.active_games SET state = '{\"schemaVersion\":99}' WHERE id = $1", [gameId]);
  const { status, stdout } = await run(["canary", "--json"]);
  expect(status).toBe(3);
  const unreadable = {
    place: "row",
    schemaVersion: 99,
    count: 1,
    example: gameId,
    reason: expect.stringContaining("99"),
  };
  expect(JSON.parse(stdout)).toMatchObject({ isWell: false, unreadable: [unreadable] });
  const down = await run(["migrate", "down", "--yes", "--json"]);
  const { takenBack } = JSON.parse(down.stdout) as { takenBack: string[] };
  expect(takenBack).toHaveLength(1);
  expect((await run(["migrate", "status", "--json"])).status).toBe(3);
  expect(JSON.parse((await run(["migrate", "plan", "--json"])).stdout)).toMatchObject({
    planned: [{ name: takenBack[0] }],
  });
  expect(await run(["migrate", "up"])).toMatchObject({
    status: 0,
    stdout: `applied ${takenBack[0]}\n`,
  });
});
