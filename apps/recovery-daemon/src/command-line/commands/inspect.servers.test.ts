import { testServers, uniqueName } from "@turnkeep/dev-services/testing";
import { createSqlStore } from "@turnkeep/sql-store";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runWith } from "../../testing/fake-host.js";
import {
  createGame,
  type DoomedServer,
  daemonEnvironment,
  type Place,
  Rows,
  startDoomedServer,
  writeBehind,
} from "../../testing/playground.js";
import { runCommand } from "../../testing/run-command.js";

let place: Place;
let rows: Rows;
let server: DoomedServer;

beforeAll(async () => {
  const name = uniqueName("inspect");
  place = { ...testServers(), schema: name, keyPrefix: `${name}:` };
  rows = new Rows(place);
  server = await startDoomedServer(place);
});
afterAll(async () => {
  await server.vanish();
  await rows.end();
});

const inspect = (args: readonly string[], environment: Record<string, string> = {}) =>
  runCommand(place, ["inspect", ...args], environment);

/** The same in this process, without the start of another. */
const inspectHere = (args: readonly string[]) => runWith(["inspect", ...args], daemonEnvironment(place));

test("a dirty game: both sides, as JSON and as a table; nothing of it changes", async () => {
  const gameId = await createGame(server.manager);
  const created = await rows.version(gameId);
  const written = await writeBehind(server.manager, gameId);
  const before = await rows.query("SELECT * FROM $schema.active_games WHERE id = $1", [gameId]);
  const { status, stdout } = await inspect([gameId, "--json"]);
  expect(status).toBe(0);
  const shown = JSON.parse(stdout);
  expect(shown).toMatchObject({
    gameId,
    cache: { version: written, served: true, dirty: true, flushAt: expect.any(Number), status: "live" },
    store: { version: created, status: "live", inHistory: false, row: { quarantine: null } },
  });
  expect(stdout).not.toContain("deck");
  const table = await inspect([gameId]);
  expect(table.stdout).toMatch(new RegExp(`^game ${gameId}\\n\\n +Redis +Postgres\\nstatus +live +live\\n`));
  expect(table.stdout).toMatch(/^flush +dirty, due /m);
  expect(await rows.query("SELECT * FROM $schema.active_games WHERE id = $1", [gameId])).toEqual(before);
  expect((await server.manager.loadFromCache(gameId))?.version).toBe(written);
});

test("the state is shown only if asked for, and a viewer's view holds nothing else", async () => {
  const gameId = await createGame(server.manager);
  const state = (await server.manager.loadState(gameId))?.state;
  const whole = await inspectHere([gameId, "--state", "--json"]);
  expect(JSON.parse(whole.stdout).shownState).toEqual(state);
  const viewer = state?.players[0]?.id ?? "";
  const view = await inspectHere([gameId, "--viewer", viewer, "--json"]);
  expect([whole.status, view.status]).toEqual([0, 0]);
  expect(JSON.parse(view.stdout).shownState).not.toEqual(state);
  expect(view.stdout).not.toContain("seed");
  expect((await inspectHere([gameId, "--viewer", viewer, "--state"])).status).toBe(2);
});

test("a quarantined game says why, a finished one has its record, and an unknown one is status 3", async () => {
  const [quarantined, finished] = [await createGame(server.manager), await createGame(server.manager)];
  const store = createSqlStore({ url: place.databaseUrl, schema: place.schema });
  await store.start();
  const row = await store.read(quarantined);
  if (row.kind !== "row") throw new Error("the game has a row");
  await store.quarantine(row.game, "no document", Buffer.from("[]"));
  await store.close();
  await server.manager.endGame(finished, { endReason: "draw", winnerIds: [], winnerIsNpc: false });
  const [one, other, none] = await Promise.all([
    inspectHere([quarantined]),
    inspectHere([finished, "--json"]),
    inspectHere(["00000000-0000-4000-8000-000000000000", "--json"]),
  ]);
  expect(one.stdout).toContain("no document (2 bytes kept)");
  expect(JSON.parse(other.stdout)).toMatchObject({ cache: null, store: { status: "archived", inHistory: true } });
  expect([none.status, JSON.parse(none.stdout)]).toMatchObject([3, { cache: null, store: null }]);
});

test("a side that is away is reported beside what the other one has", async () => {
  const gameId = await createGame(server.manager);
  const away = await inspect([gameId, "--json"], { REDIS_URL: "redis://:secret-word@127.0.0.1:1" });
  expect(away.status).toBe(1);
  expect(JSON.parse(away.stdout)).toMatchObject({
    cache: { error: expect.stringMatching(/Redis cannot be reached/) },
    store: { status: "live" },
  });
  const both = await inspect([gameId, "--database-url", "postgres://u:secret-word@127.0.0.1:1/x"], {
    REDIS_URL: "redis://127.0.0.1:1",
  });
  expect(both.status).toBe(1);
  expect(`${away.output}${both.output}`).not.toMatch(/secret-word|^\s+at /m);
});

test("a wrong password, and a schema that is not there, are one sentence and status 2", async () => {
  const url = new URL(place.databaseUrl);
  url.password = "secret-word";
  const id = "00000000-0000-4000-8000-000000000000";
  const refused = await inspect([id], { DATABASE_URL: url.href });
  expect(refused).toMatchObject({ status: 2, stdout: "" });
  expect(refused.output).toMatch(/^turnkeep: Postgres refuses the password: [^\n]+$/);
  const absent = await inspect([id], { DATABASE_SCHEMA: "nowhere" });
  expect(absent).toMatchObject({ status: 2, stdout: "" });
  expect(absent.output).toMatch(/^turnkeep: the schema "nowhere" is not migrated: [^\n]+$/);
  expect(refused.output).not.toContain("secret-word");
});
