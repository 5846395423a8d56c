import { PassThrough } from "node:stream";
import { testServers, uniqueName } from "@turnkeep/dev-services/testing";
import type { LoadSample } from "@turnkeep/operations";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DaemonProcess } from "../../testing/daemon-process.js";
import { runWith } from "../../testing/fake-host.js";
import {
  createGame,
  type DoomedServer,
  daemonEnvironment,
  type Place,
  Rows,
  startDoomedServer,
  until,
  writeBehind,
} from "../../testing/playground.js";

let place: Place;
let rows: Rows;
let server: DoomedServer;
let daemon: DaemonProcess;
let metrics: string;

beforeAll(async () => {
  const name = uniqueName("top_command");
  place = { ...testServers(), schema: name, keyPrefix: `${name}:` };
  rows = new Rows(place);
  server = await startDoomedServer(place);
  daemon = new DaemonProcess(daemonEnvironment(place, { METRICS_PORT: "0" }));
  ({ metrics } = JSON.parse(await daemon.line("metrics are served")) as { metrics: string });
  await daemon.ready();
});
afterAll(async () => {
  await daemon.kill();
  await server.vanish();
  await rows.end();
});

const away = "http://127.0.0.1:9/metrics";

test("each sample is a line that parses, with what a daemon flushed, until Ctrl-C", async () => {
  const gameId = await createGame(server.manager);
  const top = new DaemonProcess(daemonEnvironment(place), ["top", "--metrics", metrics, "--every", "100", "--json"]);
  const samples = () =>
    top.stdout
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line) as LoadSample);
  try {
    await until("a first sample", async () => samples().length > 0);
    await writeBehind(server.manager, gameId);
    await until("the flush is seen", async () => samples().some(({ total }) => total.flushedGamesPerSecond > 0));
    top.signal("SIGINT");
    expect(await top.ended()).toBe(0);
  } finally {
    await top.kill();
  }
  const [first] = samples();
  expect(first).toMatchObject({ games: { active: 1, quarantined: 0 }, total: { cacheAway: 0, storeAway: 0 } });
  expect(first?.processes).toEqual([
    expect.objectContaining({ endpoint: `${new URL(metrics).host}/metrics`, error: null }),
  ]);
});

test("a table has a line for each process; one that does not answer says so, and makes the status 3", async () => {
  const once = ["top", "--once", "--every", "50", "--metrics", metrics];
  const { status, stdout, stderr } = await runWith([...once, "--metrics", away], daemonEnvironment(place));
  expect([status, stderr]).toEqual([3, ""]);
  expect(stdout).toMatch(
    /^\S+ {2}\d+ games, 0 quarantined .*\nprocess +actions\/s .*\n127\.0\.0\.1:\d+\/metrics .* up +up\n/,
  );
  expect(stdout).toMatch(/\n127\.0\.0\.1:9\/metrics {2}cannot be reached[^\n]*\n$/);
  expect((await runWith(once, daemonEnvironment(place))).status).toBe(0);
});

test("on a terminal the table is drawn there, and the cursor is never hidden", async () => {
  const screen = new PassThrough();
  const args = ["top", "--once", "--every", "50", "--metrics", metrics];
  const { status, stdout } = await runWith(args, daemonEnvironment(place), { screen });
  expect([status, stdout]).toEqual([0, ""]);
  const drawn = String(screen.read());
  expect(drawn).toContain("actions/s");
  expect(drawn).not.toContain("\u001b[?25l");
});
