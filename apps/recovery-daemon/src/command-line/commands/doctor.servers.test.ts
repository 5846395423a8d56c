import { testServers, uniqueName } from "@turnkeep/dev-services/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type DoomedServer, type Place, Rows, startDoomedServer } from "../../testing/playground.js";
import { runCommand } from "../../testing/run-command.js";

let place: Place;
let rows: Rows;
let server: DoomedServer;

beforeAll(async () => {
  const name = uniqueName("doctor_command");
  place = { ...testServers(), schema: name, keyPrefix: `${name}:` };
  rows = new Rows(place);
  server = await startDoomedServer(place);
});
afterAll(async () => {
  await server.vanish();
  await rows.end();
});

const doctor = (args: readonly string[], environment: Record<string, string> = {}) =>
  runCommand(place, ["doctor", ...args], environment);

test("what the servers of the tests lack is found; what the schema loses as well, until it is back", async () => {
  const found = await doctor([]);
  expect(found.status, found.output).toBe(3);
  // These servers give up safety for speed.
  expect(found.stdout).toMatch(/^fail +postgres-fsync +fsync = off\n +breaks: .*\n +mend: ALTER SYSTEM/m);
  expect(found.stdout).not.toContain("postgres-indexes-missing");
  expect(found.stdout).not.toMatch(/^ok /m);
  expect((await doctor(["--all"])).stdout).toMatch(/^ok +redis-eviction +noeviction$/m);

  await rows.query("DROP INDEX $schema.active_games_due");
  const lines = (await doctor(["--json"])).stdout.trim().split("\n");
  const diagnoses = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(diagnoses).toContainEqual(
    expect.objectContaining({ id: "postgres-indexes-missing", level: "fail", found: "active_games_due" }),
  );
  expect(diagnoses.length).toBeGreaterThan(35);
});

test("a store that is away is status 1 and a sentence, without a secret; a wrong call is status 2", async () => {
  const away = await doctor([], { REDIS_URL: "redis://:secret-word@127.0.0.1:1" });
  expect(away.status).toBe(1);
  expect(away.stdout).toMatch(/^fail +redis-start +Redis cannot be reached$/m);
  const stranger = await doctor([], { DATABASE_URL: place.databaseUrl.replace(/\/\/[^@]*@/, "//nobody:secret-word@") });
  expect(stranger.status).toBe(1);
  expect(stranger.stdout).toMatch(/^fail +postgres-start +/m);
  expect(away.output + stranger.output).not.toContain("secret-word");
  expect(await doctor(["--fix"])).toMatchObject({ status: 2, stdout: "" });
  expect(await doctor([], { REDIS_URL: "no url" })).toMatchObject({ status: 2, stdout: "" });
});
