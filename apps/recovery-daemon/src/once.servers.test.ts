import { testServers, uniqueName } from "@turnkeep/dev-services/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  createGame,
  type DoomedServer,
  type Place,
  Rows,
  startDoomedServer,
  until,
  writeBehind,
} from "./testing/playground.js";
import { runCommand } from "./testing/run-command.js";

let place: Place;
let rows: Rows;
let server: DoomedServer;

beforeAll(async () => {
  const name = uniqueName("once");
  place = { ...testServers(), schema: name, keyPrefix: `${name}:` };
  rows = new Rows(place);
  server = await startDoomedServer(place);
});
afterAll(async () => {
  await server.vanish();
  await rows.end();
});

const once = (environment: Record<string, string> = {}, args: readonly string[] = []) =>
  runCommand(place, ["run", "--once", ...args], environment);

test("one round of everything: leftovers flushed, an interrupted ending finished, all of it in the summary", async () => {
  const [left, ended] = [await createGame(server.manager), await createGame(server.manager)];
  const created = await rows.version(left);
  const written = await writeBehind(server.manager, left);
  expect(await rows.version(left)).toBe(created);

  server.dieBefore("archive");
  const outcome = { endReason: "draw", winnerIds: [], winnerIsNpc: false } as const;
  await expect(server.manager.endGame(ended, outcome)).rejects.toMatchObject({ code: "CacheUnavailable" });
  expect(await rows.status(ended)).not.toBe("archived");
  // Both are due ten milliseconds after the write, by the clock of Redis.
  await until("both are due", async () => {
    const { status, stdout } = await once({}, ["--json"]);
    const { ok, tasks } = JSON.parse(stdout) as { ok: boolean; tasks: { task: string; failed: number }[] };
    expect({ status, ok }).toEqual({ status: 0, ok: true });
    expect(tasks.map(({ task }) => task)).toContain("flush-leftovers");
    return (await rows.version(left)) === written && (await rows.status(ended)) === "archived";
  });
  expect(await rows.query("SELECT 1 FROM $schema.game_history WHERE game_id = $1", [ended])).toHaveLength(1);
  expect(await server.manager.cacheExists(ended)).toBe(false);
});

test("the summary for people is a table on standard output; logs stay out of it", async () => {
  const { status, stdout } = await once();
  expect(status).toBe(0);
  expect(stdout).toMatch(/^task +done +failed +ms\nrecover-games +0 +0 +\d+ {2}ok\n/);
  expect(stdout.trimEnd().split("\n")).toHaveLength(9);
});

test("a store that cannot be reached is status 1, unsound settings are status 2, and no secret is printed", async () => {
  const away = await once({ DATABASE_URL: "postgres://someone:secret-word@127.0.0.1:1/nowhere" });
  expect(away.status).toBe(1);
  expect(away.output).not.toContain("secret-word");
  const unsound = await once({ PORT: "many" });
  expect(unsound.status).toBe(2);
  expect(unsound.output).toContain("PORT: ");
});
