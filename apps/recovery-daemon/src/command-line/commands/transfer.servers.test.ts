import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testServers, uniqueName } from "@turnkeep/dev-services/testing";
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

const placeOf = (name: string): Place => ({ ...testServers(), schema: name, keyPrefix: `${name}:` });

let [here, there]: Place[] = [];
let server: DoomedServer;
const folder = mkdtempSync(join(tmpdir(), "turnkeep-transfer-"));
const rows: Rows[] = [];

beforeAll(async () => {
  [here, there] = [placeOf(uniqueName("export")), placeOf(uniqueName("import"))];
  server = await startDoomedServer(here as Place);
  const other = await startDoomedServer(there as Place);
  await other.vanish();
  rows.push(new Rows(here as Place), new Rows(there as Place));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await server.vanish();
  await Promise.all(rows.map((each) => each.end()));
});

const run = (place: Place | undefined, ...args: readonly string[]) => runCommand(place as Place, args);

/** The same in this process, without the start of another. */
const runHere = (place: Place | undefined, ...args: readonly string[]) =>
  runWith(args, daemonEnvironment(place as Place));

test("games are exported and imported; a file that is there is kept, and what is no export is refused", async () => {
  const file = join(folder, "games.ndjson");
  const [live, over] = [await createGame(server.manager), await createGame(server.manager)];
  const version = await writeBehind(server.manager, live);
  await server.manager.endGame(over, { endReason: "expired", winnerIds: [], winnerIsNpc: false });
  const exported = await run(here, "export", file, "--json");
  expect(exported.status, exported.output).toBe(0);
  expect(JSON.parse(exported.stdout)).toEqual({ file, games: 1, history: 1, quarantined: 0 });
  expect(statSync(file).mode & 0o077).toBe(0);
  const again = await run(here, "export", file);
  expect(again).toMatchObject({ status: 2, output: `turnkeep: the file ${file} cannot be written: EEXIST` });

  const imported = await run(there, "import", file);
  expect(imported, imported.output).toMatchObject({
    status: 0,
    stdout: "games: 1\nhistory: 1\nthere: 0\nleft out: 0\n",
  });
  expect(await rows[1]?.version(live)).toBe(version);
  expect(await rows[1]?.status(over)).toBe("archived");
  const lines = (await run(there, "import", file, "--json")).stdout.trim().split("\n");
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { kind: "line", gameId: live, result: "there" },
    { kind: "line", gameId: over, result: "there" },
    { kind: "summary", games: 0, history: 0, there: 2 },
  ]);
  const wrong = await run(there, "import", join(folder, "none"));
  expect(wrong).toMatchObject({ status: 2, stdout: "" });
  expect(wrong.output).toMatch(/^turnkeep: the file .* cannot be read$/);
  const away = await runCommand(here as Place, ["export", join(folder, "away")], { REDIS_URL: "redis://127.0.0.1:1" });
  expect(away).toMatchObject({ status: 1, stdout: "", output: "turnkeep: Redis cannot be reached" });
  expect(existsSync(join(folder, "away"))).toBe(false);
});

test("an interrupted run names the flag that another run goes on with", async () => {
  const file = join(folder, "interrupted.ndjson");
  const aborted = { signal: AbortSignal.abort() };
  const environment = daemonEnvironment(here as Place);
  for (const args of [["verify"], ["canary"], ["list", "--json"], ["history", "--json"]]) {
    const { status, stdout, stderr } = await runWith(args, environment, aborted);
    expect([status, stdout, stderr]).toEqual([1, "", "turnkeep: interrupted before it came to anything\n"]);
  }
  await createGame(server.manager);
  const stopped = await runWith(["export", file], environment, aborted);
  const [, flag = "", cursor = ""] = /^turnkeep: interrupted; go on with (\S+) (\S+)\n$/.exec(stopped.stderr) ?? [];
  const whole = await runHere(here, "export", `${file}.whole`);
  const rest = await runHere(here, "export", file, flag, cursor);
  expect(rest.stdout, rest.stderr).toBe(whole.stdout.replace(".whole", ""));
  expect(readFileSync(file, "utf8")).toBe(readFileSync(`${file}.whole`, "utf8"));

  const importing = (...more: string[]) =>
    runWith(["import", file, ...more], daemonEnvironment(there as Place), aborted);
  expect((await importing()).stderr).toBe("turnkeep: interrupted before it came to anything\n");
  expect((await importing("--skip-lines", "1")).stderr).toBe("turnkeep: interrupted; go on with --skip-lines 1\n");
});

test("a person is exported, then erased: never without --yes, nor while a game is live but with --end-live", async () => {
  const gameId = await createGame(server.manager);
  const [row] =
    (await rows[0]?.query<{ players: string[] }>(
      "SELECT player_ids AS players FROM $schema.active_games WHERE id = $1",
      [gameId],
    )) ?? [];
  const [playerId = "", otherId = ""] = row?.players ?? [];
  const file = join(folder, "person.ndjson");
  const exported = await run(here, "player", "export", playerId, file);
  expect(exported.status, exported.output).toBe(0);
  expect(readFileSync(file, "utf8")).toContain(playerId);

  expect(await runHere(here, "player", "erase", playerId)).toMatchObject({ status: 2, stdout: "" });
  const refused = await runHere(here, "player", "erase", playerId, "--yes");
  expect(refused.status).toBe(3);
  expect(refused.stdout).toContain(gameId);
  expect(await rows[0]?.status(gameId)).toBe("live");

  const erased = await run(here, "player", "erase", playerId, "--yes", "--end-live", "--json");
  expect(erased.status, erased.output).toBe(0);
  expect(JSON.parse(erased.stdout)).toMatchObject({ kind: "erased", ended: 1, games: 1 });
  expect(await runHere(here, "player", "export", playerId, join(folder, "nobody"))).toMatchObject({ status: 3 });
  const { pseudonym } = JSON.parse(erased.stdout) as { pseudonym: string };
  const [history] =
    (await rows[0]?.query<{ players: Record<string, { id: string; name: string }> }>(
      "SELECT replay_data -> 'finalState' -> 'players' AS players FROM $schema.game_history WHERE game_id = $1",
      [gameId],
    )) ?? [];
  expect(Object.entries(history?.players ?? {}).map(([key, { id, name }]) => [key, id, name])).toEqual([
    [pseudonym, pseudonym, "erased"],
    [otherId, otherId, "player 2"],
  ]);
  expect((await runHere(here, "player", "--help")).stdout).toContain("erase");
  expect(await runHere(here, "player", "erase", "", "--yes")).toMatchObject({ status: 2 });
});
