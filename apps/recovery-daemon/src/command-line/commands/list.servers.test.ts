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

let place: Place;
let rows: Rows;
let server: DoomedServer;

beforeAll(async () => {
  const name = uniqueName("list");
  place = { ...testServers(), schema: name, keyPrefix: `${name}:` };
  rows = new Rows(place);
  server = await startDoomedServer(place);
});
afterAll(async () => {
  await server.vanish();
  await rows.end();
});

const list = (args: readonly string[]) => runCommand(place, ["list", ...args]);

test("games as a table and as lines, filtered, page by page, without a state", async () => {
  const ids = [
    await createGame(server.manager),
    await createGame(server.manager),
    await createGame(server.manager),
  ].sort();
  const [first = "", dirty = ""] = ids;
  await writeBehind(server.manager, dirty);
  const [page, lines, none] = await Promise.all([
    list(["--limit", "1"]),
    list(["--dirty", "--json"]),
    list(["--status", "quarantined"]),
  ]);
  expect(page.status).toBe(0);
  expect(page.stdout).toMatch(
    new RegExp(
      `^game +status +type +turn +idle +in Redis +players\n${first} +live +freeplay +0 .*\nmore: --after ${first}\n$`,
    ),
  );
  expect(lines.status).toBe(0);
  expect(JSON.parse(lines.stdout)).toMatchObject({ gameId: dirty, status: "live", copy: { dirty: true, state: null } });
  expect(none).toMatchObject({ status: 0, stdout: "no such game\n" });
});

test("history, a game at a time: each is shown once, by the cursor that was printed for the one before", async () => {
  const ended: string[] = [];
  for (const endReason of ["draw", "expired", "draw", "draw"]) {
    const gameId = await createGame(server.manager);
    await server.manager.endGame(gameId, { endReason, winnerIds: [], winnerIsNpc: false });
    if (endReason === "draw") ended.unshift(gameId);
  }
  const shown: (string | undefined)[] = [];
  for (let from: readonly string[] | null = []; from !== null; ) {
    const { stdout } = await runWith(
      ["history", "--reason", "draw", "--limit", "1", ...from],
      daemonEnvironment(place),
    );
    shown.push(/^\S+-\S+/m.exec(stdout)?.[0]);
    from = /^more: (--from) (\S+)$/m.exec(stdout)?.slice(1) ?? null;
  }
  expect(shown).toEqual(ended);
});
