import { testServers, uniqueName } from "@turnkeep/dev-services/testing";
import { Redis } from "ioredis";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DaemonProcess } from "./testing/daemon-process.js";
import {
  createGame,
  type DoomedServer,
  daemonEnvironment,
  type Place,
  Rows,
  startDoomedServer,
  until,
  writeBehind,
} from "./testing/playground.js";

let place: Place;
let rows: Rows;
let server: DoomedServer;
let redis: Redis;
let daemon: DaemonProcess | null;

beforeEach(async () => {
  const name = uniqueName("sweeps");
  place = { ...testServers(), schema: name, keyPrefix: `${name}:` };
  rows = new Rows(place);
  server = await startDoomedServer(place);
  redis = new Redis(place.redisUrl);
  daemon = null;
});
afterEach(async () => {
  await daemon?.kill();
  redis.disconnect();
  await server.vanish();
  await rows.end();
});

async function watch(environment: Record<string, string> = {}): Promise<void> {
  daemon = new DaemonProcess(daemonEnvironment(place, environment));
  await daemon.ready();
}

test("an unflushed game that is missing from the index is flushed all the same", async () => {
  const gameId = await createGame(server.manager);
  const written = await writeBehind(server.manager, gameId);
  expect(await redis.zrem(`${place.keyPrefix}dirty:{0}`, gameId)).toBe(1);
  await watch();
  await until("it is flushed", async () => (await rows.version(gameId)) === written);
});

test("an archived game that is still cached is evicted", async () => {
  const gameId = await createGame(server.manager);
  server.dieBefore("evict");
  await server.manager.endGame(gameId, { endReason: "draw", winnerIds: [], winnerIsNpc: false });
  expect(await rows.status(gameId)).toBe("archived");
  const keys = ["m", "l"].map((part) => `{${place.keyPrefix}game:${gameId}}:${part}`);
  const left = () => redis.exists(`${place.keyPrefix}game:${gameId}`, ...keys);
  // Clean, as far as the cache knows: no flush will come upon it.
  await redis.zrem(`${place.keyPrefix}dirty:{0}`, gameId);
  expect(await redis.pexpire(`${place.keyPrefix}game:${gameId}`, 3_600_000)).toBe(1);
  expect(await left()).toBeGreaterThan(0);
  await watch();
  await until("it is evicted", async () => (await left()) === 0);
});

test("an idle game expires into history, and its tombstone is purged in time", async () => {
  const gameId = await createGame(server.manager);
  const every = "50";
  const stale = { EXPIRE_EVERY_MS: every, STALE_AFTER_MS: "1000", PURGE_EVERY_MS: every, TOMBSTONES_KEPT_MS: "1000" };
  await watch(stale);
  await until("its row is gone", async () => (await rows.status(gameId)) === undefined);
  const history = await rows.query("SELECT outcome FROM $schema.game_history WHERE game_id = $1", [gameId]);
  expect(history).toMatchObject([{ outcome: { endReason: "expired" } }]);
  const left = async () => await rows.query("SELECT FROM $schema.game_history WHERE game_id = $1", [gameId]);
  await daemon?.kill();
  await watch({ PURGE_EVERY_MS: every, HISTORY_KEPT_MS: "1000" });
  await until("its history is purged, too", async () => (await left()).length === 0);
});
