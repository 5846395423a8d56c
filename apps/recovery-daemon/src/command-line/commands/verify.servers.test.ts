import { testServers, uniqueName } from "@turnkeep/dev-services/testing";
import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  createGame,
  type DoomedServer,
  type Place,
  Rows,
  startDoomedServer,
  writeBehind,
} from "../../testing/playground.js";
import { runCommand } from "../../testing/run-command.js";

let place: Place;
let rows: Rows;
let server: DoomedServer;
let redis: Redis;

beforeAll(async () => {
  const name = uniqueName("verify_command");
  place = { ...testServers(), schema: name, keyPrefix: `${name}:` };
  rows = new Rows(place);
  server = await startDoomedServer(place);
  redis = new Redis(place.redisUrl);
});
afterAll(async () => {
  redis.disconnect();
  await server.vanish();
  await rows.end();
});

const verify = (args: readonly string[], environment: Record<string, string> = {}) =>
  runCommand(place, ["verify", ...args], environment);

const lines = (text: string) =>
  text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test("all is well; then what is wrong is found, mended where a step does so, and all is well again", async () => {
  const [sound, lost, gone] = [
    await createGame(server.manager),
    await createGame(server.manager),
    await createGame(server.manager),
  ];
  await writeBehind(server.manager, sound);
  const well = await verify([]);
  expect(well).toMatchObject({ status: 0, stdout: "all is well\n3 games compared\n" });

  await writeBehind(server.manager, lost);
  expect(await redis.zrem(`${place.keyPrefix}dirty:{0}`, lost)).toBe(1);
  await rows.query(
    "UPDATE $schema.active_games SET status = 'deleted', state = NULL, closed_at = now() - interval '1 minute' WHERE id = $1",
    [gone],
  );
  const found = await verify(["--json"]);
  expect(found.status).toBe(3);
  expect(lines(found.stdout)).toMatchObject([
    { kind: "finding", what: "unindexed", gameId: lost, mending: null, copy: { state: null } },
    { kind: "finding", what: "zombie", gameId: gone, mending: null },
    { kind: "summary", games: 2, isWell: false, kinds: { unindexed: { found: 1, mended: 0, example: lost } } },
  ]);
  expect(await verify(["--game", sound])).toMatchObject({ status: 0 });
  const mended = await verify(["--repair"]);
  expect(mended.status, mended.output).toBe(0);
  expect(mended.stdout).toMatch(new RegExp(`^unindexed +1 +1 +${lost} `, "m"));
  expect(mended.stdout).toMatch(new RegExp(`^zombie +1 +1 +${gone} `, "m"));
  expect(await verify(["--json"])).toMatchObject({ status: 0 });
});

test("a side that is away is one sentence and status 1; a wrong call is status 2", async () => {
  const away = await verify([], { REDIS_URL: "redis://:secret-word@127.0.0.1:1" });
  expect(away).toMatchObject({ status: 1, stdout: "", output: "turnkeep: Redis cannot be reached" });
  const repair = await verify(["--repair"], { DATABASE_URL: "postgres://u:secret-word@127.0.0.1:1/x" });
  expect(repair).toMatchObject({ status: 1, stdout: "" });
  expect(repair.output).toMatch(/^turnkeep: [^\n]+$/);
  expect(repair.output).not.toContain("secret-word");
  expect(await verify(["--sample", "none"])).toMatchObject({ status: 2, stdout: "" });
  expect(await verify(["--from", "elsewhere"])).toMatchObject({ status: 2, stdout: "" });
});
