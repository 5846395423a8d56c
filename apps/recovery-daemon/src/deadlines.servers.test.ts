import { randomUUID } from "node:crypto";
import { newCardGame, starterDecks } from "@turnkeep/card-rules";
import { testServers, uniqueName } from "@turnkeep/dev-services/testing";
import type { GameState, Outcome } from "@turnkeep/game-state";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DaemonProcess, gameServer } from "./testing/daemon-process.js";
import {
  type DoomedServer,
  daemonEnvironment,
  type Place,
  Rows,
  startDoomedServer,
  until,
} from "./testing/playground.js";

let place: Place;
let rows: Rows;
let creator: DoomedServer;
let processes: DaemonProcess[];

beforeEach(async () => {
  const name = uniqueName("deadlines");
  place = { ...testServers(), schema: name, keyPrefix: `${name}:` };
  rows = new Rows(place);
  creator = await startDoomedServer(place);
  processes = [];
});
afterEach(async () => {
  await Promise.all(processes.map((one) => one.kill()));
  await creator.vanish();
  await rows.end();
});

const often = { DEADLINES_EVERY_MS: "20" };

async function startDaemon(): Promise<DaemonProcess> {
  const daemon = new DaemonProcess(daemonEnvironment(place, { ...often, LEASE_MS: "1000" }));
  processes.push(daemon);
  await daemon.ready();
  return daemon;
}

async function startServer(): Promise<DaemonProcess> {
  const environment = daemonEnvironment(place, { ...often, JWT_SECRET: "the secret of this test, long enough" });
  const server = new DaemonProcess(environment, [], gameServer);
  processes.push(server);
  await server.line("the server is ready");
  return server;
}

/** The service time as the store has it. */
async function serviceTime(): Promise<number> {
  const [clock] = await rows.query<{ ms: number }>(
    "SELECT (up_us / 1000)::float8 AS ms FROM $schema.game_service_clock",
  );
  return clock?.ms ?? Number.NaN;
}

/** A game of two who sleep; the first player's time begins now. */
async function startGame(rules: Partial<GameState["rules"]>): Promise<GameState> {
  const players = [randomUUID(), randomUUID()] as const;
  const state = newCardGame({
    gameId: randomUUID(),
    gameType: "freeplay",
    seed: "sleepers",
    rules,
    serviceMs: await serviceTime(),
    players: [
      { id: players[0], name: "One", deck: starterDecks.kiln },
      { id: players[1], name: "Two", deck: starterDecks.marsh },
    ],
  });
  await creator.manager.createGame(state, { gameType: "freeplay", playerIds: players });
  return state;
}

interface Line {
  readonly playerId: string;
  readonly writeId: string;
}

/** What the log in Postgres has of a live game. */
async function logOf(gameId: string): Promise<readonly Line[]> {
  const sql = "SELECT entry FROM $schema.game_log WHERE game_id = $1 AND seq > 0 ORDER BY seq";
  return (await rows.query<{ entry: string }>(sql, [gameId])).map(({ entry }) => JSON.parse(entry) as Line);
}

/** Rounds that this daemon has made over the deadlines. */
async function roundsOf(daemon: DaemonProcess): Promise<number> {
  const response = await fetch(`${await daemon.address()}/readyz`);
  const { tasks } = (await response.json()) as { tasks: readonly { name: string; rounds: number }[] };
  return tasks.find(({ name }) => name === "enforce-deadlines")?.rounds ?? 0;
}

test("two servers and two daemons at once take each turn once, and the game from who sleeps too often", async () => {
  await Promise.all([startServer(), startServer(), startDaemon(), startDaemon()]);
  const state = await startGame({ turnTimeMs: 1_000, onTimeOut: "loseTurn", timeoutsAllowed: 1 });
  const { gameId, turnOrder } = state;
  await until("the game is in history", async () => (await rows.status(gameId)) === "archived");
  const sql = "SELECT outcome, replay_data FROM $schema.game_history WHERE game_id = $1";
  type Row = { outcome: Outcome; replay_data: { log: readonly Line[]; finalState: GameState } };
  const [history] = await rows.query<Row>(sql, [gameId]);
  const log = history?.replay_data.log ?? [];
  // One after the other, and the first player's second time is the last.
  expect(log.map(({ playerId }) => playerId)).toEqual([turnOrder[0], turnOrder[1], turnOrder[0]]);
  expect(new Set(log.map(({ writeId }) => writeId)).size).toBe(log.length);
  const { players } = history?.replay_data.finalState ?? state;
  expect(turnOrder.map((id) => players[id]?.timeouts)).toEqual([2, 1]);
  expect(history).toMatchObject({ outcome: { endReason: "timeout", winnerIds: [turnOrder[1]] } });
});

test("an outage costs no turn; the daemon takes it when its time has come, with all servers dead", async () => {
  const turnTimeMs = 1_200_000;
  const [server, first] = await Promise.all([startServer(), startDaemon()]);
  const state = await startGame({ turnTimeMs, onTimeOut: "loseTurn" });
  const { gameId, turnOrder } = state;
  for (const one of [server, first]) one.signal("SIGKILL");
  await Promise.all([server.ended(), first.ended()]);
  await creator.manager.deleteFromCache(gameId);
  // An hour in which nobody ran, as the clock's row sees it.
  await rows.query("UPDATE $schema.game_service_clock SET beat_at = beat_at - interval '1 hour'");

  const daemon = await startDaemon();
  const rounds = await roundsOf(daemon);
  await until("it has looked for deadlines", async () => (await roundsOf(daemon)) > rounds + 2);
  expect(await serviceTime()).toBeLessThan(state.turnDueAt ?? 0);
  expect(await logOf(gameId)).toEqual([]);

  // As long as the turn may take, in which the service runs.
  await rows.query("UPDATE $schema.game_service_clock SET up_us = up_us + $1::bigint * 1000", [turnTimeMs]);
  await until("the turn is taken", async () => (await logOf(gameId)).length > 0);
  const taken = await roundsOf(daemon);
  await until("it has looked again", async () => (await roundsOf(daemon)) > taken + 2);
  expect(await logOf(gameId)).toMatchObject([{ playerId: turnOrder[0], writeId: `time-out-${state.turnDueAt}` }]);
  const [row] = await rows.query<{ due: string }>("SELECT due_at AS due FROM $schema.active_games WHERE id = $1", [
    gameId,
  ]);
  expect(Number(row?.due)).toBeGreaterThan((state.turnDueAt ?? 0) + turnTimeMs - 1);
});
