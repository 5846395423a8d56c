import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { setTimeout as delay } from "node:timers/promises";
import { freePort, patienceMs } from "@turnkeep/dev-services";
import { bundleProgram } from "@turnkeep/dev-services/bundle";
import { createStorage, environmentFor, type Stores } from "./config.js";
import { type Board, ticTacToe } from "./tic-tac-toe.js";

const require = createRequire(import.meta.url);
const { Client, LobbyClient } = require("boardgame.io/client") as typeof import("boardgame.io/client");
const { SocketIO } = require("boardgame.io/multiplayer") as typeof import("boardgame.io/multiplayer");

/** The cells that the players mark in turn; the first one wins by the upper row. */
export const marks = [0, 3, 1, 4, 2];
const killedAfter = 2;

/** Plays a match over sockets, on a server that is killed once in between. Returns the match's id. */
export async function playMatch(stores: Stores): Promise<string> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let server = await startServer(stores, port);
  const lobby = new LobbyClient({ server: url });
  const { matchID } = await lobby.createMatch("tic-tac-toe", { numPlayers: 2 });
  const players = [await join("Ann"), await join("Bob")];

  async function join(playerName: string) {
    const { playerID, playerCredentials: credentials } = await lobby.joinMatch("tic-tac-toe", matchID, { playerName });
    const multiplayer = SocketIO({ server: url });
    const client = Client({ game: ticTacToe, matchID, playerID, credentials, multiplayer, debug: false });
    client.start();
    return client;
  }
  const db = createStorage(stores);
  await db.connect();
  /** boardgame.io's server shows a move before it stores it. */
  const stored = async (count: number) => {
    const { state } = await db.fetch(matchID, { state: true });
    return marked(state.G) === count;
  };
  const allSee = (count: number) =>
    players.every((player) => {
      const state = player.getState();
      return state?.isConnected === true && marked(state.G) === count;
    });

  try {
    for (const [before, cell] of marks.entries()) {
      if (before === killedAfter) {
        await until(() => stored(before), patienceMs);
        await kill(server);
        await until(() => players.every((player) => player.getState()?.isConnected === false), patienceMs);
        server = await startServer(stores, port);
      }
      await until(() => allSee(before), patienceMs);
      players[before % 2]?.moves.mark?.(cell);
      const giveUpAt = Date.now() + patienceMs;
      while (!(await until(() => allSee(before + 1), 3_000))) {
        if (Date.now() > giveUpAt) throw new Error(`the players do not agree on move ${before + 1}`);
        // As a reload of the page does: a client that connects anew while the other moves may miss that move.
        for (const player of players) player.updateMatchID(matchID);
      }
    }
    await until(() => stored(marks.length), patienceMs);
    return matchID;
  } finally {
    for (const player of players) player.stop();
    await kill(server);
    await db.close();
  }
}

const marked = ({ cells }: Board): number => cells.filter((cell) => cell !== null).length;

async function startServer(stores: Stores, port: number): Promise<ChildProcess> {
  const program = await bundleProgram(new URL("./server-main.ts", import.meta.url));
  // Without what Node was given for the sources of this process.
  const server = fork(program, [`${port}`], { env: environmentFor(stores), execArgv: [], silent: true });
  const exited = once(server, "exit").then(([code]) => {
    throw new Error(`the server ended with ${code}`);
  });
  await Promise.race([once(server, "message"), exited]);
  exited.catch(() => undefined); // From here on it is killed.
  return server;
}

async function kill(server: ChildProcess): Promise<void> {
  const exited = once(server, "exit");
  server.kill("SIGKILL");
  await exited;
}

/** Whether it becomes true in time. */
async function until(condition: () => boolean | Promise<boolean>, withinMs: number): Promise<boolean> {
  for (const end = Date.now() + withinMs; Date.now() < end; await delay(20)) if (await condition()) return true;
  return condition();
}
