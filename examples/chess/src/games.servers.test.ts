import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { patienceMs } from "@turnkeep/dev-services";
import { bundleProgram } from "@turnkeep/dev-services/bundle";
import { testServers, uniqueName } from "@turnkeep/dev-services/testing";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type ChessManager, createChessManager } from "./config.js";
import { type Action, chess } from "./game.js";
import { readPgn, toPgn } from "./pgn.js";
import { playPgn } from "./play-pgn.js";
import { act, loseOnTime, newChessGame } from "./rules.js";

const folder = fileURLToPath(new URL("../games/", import.meta.url));
const servers = { ...testServers(), name: uniqueName("chess") };
let manager: ChessManager;
const program = await bundleProgram(new URL("./server-main.ts", import.meta.url));
beforeAll(async () => {
  manager = createChessManager(servers);
  await manager.start();
});
afterAll(async () => {
  await manager.close();
});

test.each([
  ["1858-morphy-allies.pgn", "checkmate"],
  ["1872-hamppe-meitner.pgn", "agreement"],
  ["1907-rotlewi-rubinstein.pgn", "resigned"],
])("%s, played on servers that are killed, equals its PGN in history", async (file, endReason) => {
  const recorded = readPgn(readFileSync(`${folder}${file}`, "utf8"));
  const gameId = crypto.randomUUID();
  const kills = await playPgn(`${folder}${file}`, { servers, gameId, actionsPerServer: 16, program });
  expect(kills).toBeGreaterThanOrEqual(1);
  const archived = await manager.getReplayStates(gameId);
  if (archived?.finalState == null) throw new Error("it is not in history");
  expect(readPgn(toPgn(archived.finalState))).toEqual(recorded);
  const moves = (await manager.getLog(gameId)).flatMap(({ action }) => ("move" in action ? [action.move] : []));
  expect(moves).toEqual(recorded.moves);
  const { items } = await manager.getPlayerHistory(recorded.players[0]);
  expect(items).toMatchObject([{ gameId, outcome: { endReason } }]);
});

test("every file is played", () => {
  expect(readdirSync(folder)).toHaveLength(3);
});

async function begin(msEach: number) {
  const id = crypto.randomUUID();
  await manager.createGame(newChessGame(id, ["ann", "bob"], msEach), { gameType: "blitz" });
  return (player: string, action: Action) => {
    const atMs = manager.serviceTime();
    return manager.update(id, (state) => act(state, player, action, atMs));
  };
}

test("a takeback that was asked for on one server is granted on another", async () => {
  const doAs = await begin(600_000);
  await doAs("ann", { move: "e4" });
  const { state } = await doAs("ann", { offer: "takeback" });
  await expect(doAs("ann", { accept: "takeback" })).rejects.toMatchObject({ code: "IllegalAction" });
  const other = createChessManager(servers);
  await other.start();
  const atMs = other.serviceTime();
  await other.update(state.id, (now) => act(now, "bob", { accept: "takeback" }, atMs));
  await other.close();
  expect((await doAs("ann", { move: "d4" })).state.moves).toEqual(["d4"]);
});

test("a player whose clock runs out loses by the deadline, and history says so", async () => {
  const doAs = await begin(50);
  const { state } = await doAs("ann", { move: "e4" });
  expect(chess.dueAt(state)).not.toBeNull();
  await vi.waitFor(
    async () => {
      await manager.enforceDeadlines(loseOnTime);
      const replay = await manager.getReplay(state.id, "spectator");
      expect(replay?.record.outcome).toMatchObject({ endReason: "time", winnerIds: ["ann"] });
      expect(replay?.finalView?.moves).toEqual(["e4"]);
    },
    { timeout: patienceMs, interval: 50 },
  );
});
