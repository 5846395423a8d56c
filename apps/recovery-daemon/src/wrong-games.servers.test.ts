import { randomUUID } from "node:crypto";
import { defineGame } from "@turnkeep/core";
import { testServers, uniqueName } from "@turnkeep/dev-services/testing";
import { createGameStateManager } from "@turnkeep/manager";
import { createRedisCache } from "@turnkeep/redis-cache";
import { createSqlStore } from "@turnkeep/sql-store";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as z from "zod";
import { DaemonProcess, gameServer } from "./testing/daemon-process.js";
import { daemonEnvironment, type Place, Rows, startDoomedServer } from "./testing/playground.js";

const stones = defineGame({
  name: "stones",
  schema: z.strictObject({ schemaVersion: z.literal(1), id: z.uuid(), stones: z.int() }),
  schemaVersion: 1,
  idOf: ({ id }) => id,
  turnOf: () => 1,
  resultOf: () => null,
});
const games = 200;
const programs = [
  { name: "the daemon with --once", args: ["run", "--once"], program: undefined },
  { name: "the daemon", args: ["run"], program: undefined },
  { name: "the server", args: [], program: gameServer },
];

let place: Place;
let rows: Rows;

/** 200 healthy games of another game than the programs', each with a write that waits for Postgres. */
beforeAll(async () => {
  const name = uniqueName("wrong_games");
  place = { ...testServers(), schema: name, keyPrefix: `${name}:` };
  rows = new Rows(place);
  const cache = createRedisCache({ url: place.redisUrl, keyPrefix: place.keyPrefix });
  const store = createSqlStore({ url: place.databaseUrl, schema: place.schema, migrateOnStart: true });
  const manager = createGameStateManager({ game: stones, cache, store, runFlusher: false, flushWithinMs: 10 });
  await manager.start();
  for (let n = 0; n < games; n++) {
    const id = randomUUID();
    await manager.createGame({ schemaVersion: 1, id, stones: 7 }, { gameType: "stones", playerIds: [] });
    await manager.update(id, (game) => ({ ...game, stones: game.stones - 1 }));
  }
  // It is gone at once, as if it was killed, so that all its writes are left to others.
  await Promise.all([cache.close(), store.close()]);
});
afterAll(() => rows.end());

async function endOf({ args, program }: (typeof programs)[number], environment: Record<string, string>) {
  const process = new DaemonProcess(environment, args, program);
  try {
    return { status: await process.ended(), output: process.output };
  } finally {
    await process.kill();
  }
}

test.each(programs)(
  "$name says that these are another game's, ends as for wrong settings, and touches none",
  async (run) => {
    const before = await rows.query("SELECT status, fence, count(*) FROM $schema.active_games GROUP BY 1, 2");
    const { status, output } = await endOf(run, daemonEnvironment(place));
    expect(status, output).toBe(2);
    expect(output).toContain(
      `the schema \\"${place.schema}\\" of the store keeps games of \\"stones\\", and this process serves \\"card-game\\": give it a schema of its own`,
    );
    expect(await rows.query("SELECT status, fence, count(*) FROM $schema.active_games GROUP BY 1, 2")).toEqual(before);
    expect(await rows.query("SELECT 1 FROM $schema.active_games WHERE status = 'live'")).toHaveLength(games);
  },
);

test.each(programs)("$name says that two deployments share one Redis, and ends as for wrong settings", async (run) => {
  const schema = uniqueName("second");
  const others = { ...place, schema, keyPrefix: `${schema}:` };
  const second = await startDoomedServer(others);
  await second.vanish();
  const { status, output } = await endOf(run, daemonEnvironment({ ...place, schema }));
  expect(status, output).toBe(2);
  expect(output).toMatch(
    /two deployments share one cache and key prefix: its keys belong to [0-9a-f]{32}\/stones, and this process to [0-9a-f]{32}\/card-game/,
  );
  await new Rows(others).end();
});
