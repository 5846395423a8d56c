import { execFile } from "node:child_process";
import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { findPostgresWithClients, type RunningServer, startPostgres, startRedis } from "@turnkeep/dev-services";
import type { GameState } from "@turnkeep/game-state";
import { Redis } from "ioredis";
import { expect, onTestFinished, test } from "vitest";
import { createGame, type Place, Rows, startDoomedServer, until, writeBehind } from "../testing/playground.js";
import { runCommand } from "../testing/run-command.js";

const run = promisify(execFile);
/** Where `pg_dump` and its like are; without them the server's files are copied in their place. */
const clients = findPostgresWithClients();

/** A Postgres whose files can be copied away, and back. */
async function startRestorable() {
  const folder = await mkdtemp(join(tmpdir(), "turnkeep-drill-"));
  await chmod(folder, 0o711); // Its user has to walk through.
  const start = (port?: number): Promise<RunningServer> =>
    startPostgres({
      dataDir: join(folder, "data"),
      ...(clients === undefined ? {} : { bin: clients }),
      ...(port === undefined ? {} : { port }),
    });
  let server = await start();
  onTestFinished(async () => {
    await server.stop();
    await rm(folder, { recursive: true });
  });
  const copy = async (from: "data" | "saved", to: "data" | "saved") => {
    await server.stop();
    await rm(join(folder, to), { recursive: true, force: true });
    await run("cp", ["-a", join(folder, from), join(folder, to)]);
    server = await start(server.port);
  };
  return { url: server.url, save: () => copy("data", "saved"), restore: () => copy("saved", "data"), folder };
}

/** The commands of the document, in order. */
async function drill(): Promise<readonly string[]> {
  const guide = await readFile(new URL("../../../../docs/restore-drill.md", import.meta.url), "utf8");
  const blocks = guide.matchAll(/```sh\n([\s\S]*?)```/g);
  return [...blocks].flatMap(([, text = ""]) => text.trim().split(/\s*\n\s*/));
}

const acted = (state: GameState) => ({ ...state, recordCount: state.recordCount + 1 });

test("the restore drill, followed word by word, brings every game to where Redis had it, and both stores agree", async () => {
  const [postgres, redisServer] = await Promise.all([startRestorable(), startRedis()]);
  onTestFinished(() => redisServer.stop());
  const redis = new Redis(redisServer.url);
  onTestFinished(() => redis.disconnect());
  const place: Place = { databaseUrl: postgres.url, redisUrl: redisServer.url, schema: "turnkeep", keyPrefix: "" };
  const before = await startDoomedServer(place);
  const [untouched, played, logged, reloaded, ended] = [
    await createGame(before.manager),
    await createGame(before.manager),
    await createGame(before.manager),
    await createGame(before.manager),
    await createGame(before.manager),
  ];
  const games = [untouched, played, logged, reloaded];
  // The drill does not wait for the hour that passes between the backup and the restore.
  const anHourAgo = new Rows(place);
  await anHourAgo.query("UPDATE $schema.active_games SET last_action_at = now() - interval '1 hour'", []);
  await anHourAgo.disconnect();
  const statesInRedis = () => Promise.all(games.map((gameId) => redis.get(`game:${gameId}`)));
  let had: readonly (string | null)[] = [];

  const playForAnHour = async ({ manager }: typeof before) => {
    const durable = { durability: "durable" } as const;
    await manager.update(played, acted, durable);
    await manager.update(logged, (state) => ({ state: acted(state), log: [{ acted: "once" }] }), durable);
    await manager.deleteFromCache(reloaded);
    await manager.update(reloaded, acted, durable);
    await manager.endGame(ended, { endReason: "draw", winnerIds: [], winnerIsNpc: false });
    await until("the ended game's copy is gone", async () => (await redis.exists(`game:${ended}`)) === 0);
    const [created, unsaved] = [await createGame(manager), await createGame(manager)];
    await writeBehind(manager, unsaved);
    await writeBehind(manager, untouched);
    games.push(created, unsaved);
    had = await statesInRedis();
  };

  /** What a command answers: its status, and what it finds. */
  const found: (readonly [status: number, kinds: readonly string[]])[] = [];
  const turnkeep = async (args: readonly string[]) => {
    const { status, stdout, output } = await runCommand(place, args);
    const kinds = [...stdout.matchAll(/^(\w+) +\d+ +\d+ +[0-9a-f-]{36} /gm)].map(([, kind = ""]) => kind);
    if (args[0] === "verify") found.push([status, kinds.toSorted()]);
    else expect([args, status], output).toEqual([args, 0]);
  };
  const inBash = async (command: string) => {
    const PATH = `${clients}:${process.env.PATH}`;
    await run("bash", ["-c", command], { cwd: postgres.folder, env: { PATH, DATABASE_URL: place.databaseUrl } });
  };
  for (const command of await drill()) {
    const [name = "", ...args] = command.split(" ");
    if (name === "turnkeep") await turnkeep(args);
    else if (command === "systemctl stop turnkeep-server turnkeep-daemon") {
      await playForAnHour(before);
      await before.vanish();
    } else if (command === "systemctl start turnkeep-server turnkeep-daemon") {
      const after = await startDoomedServer(place);
      onTestFinished(() => after.vanish());
      const states = await Promise.all(games.map((gameId) => after.manager.loadState(gameId)));
      expect(states.map((loaded) => loaded?.state)).toEqual(had.map((text) => JSON.parse(text ?? "null")));
      expect((await after.manager.loadState(ended))?.status).toBe("live");
    } else if (!["psql", "pg_dump", "pg_restore"].includes(name)) throw new Error(`what does ${command} do?`);
    else if (clients !== undefined) await inBash(command);
    else if (name === "pg_dump") await postgres.save();
    else if (name === "pg_restore") await postgres.restore();
  }
  const lost = ["ahead", "fenceBehind", "logGap", "missing", "orphaned"];
  expect(found).toEqual([
    [3, lost],
    [3, lost],
    [3, ["logGap"]],
  ]);
  expect(await statesInRedis()).toEqual(had);
  const rows = new Rows(place);
  onTestFinished(() => rows.end());
  const sql = "SELECT state FROM $schema.active_games WHERE id = $1";
  const stored = await Promise.all(games.map((gameId) => rows.query<{ state: string }>(sql, [gameId])));
  expect(stored.map(([row]) => row?.state)).toEqual(had);
});
