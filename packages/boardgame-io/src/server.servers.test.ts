import { createRequire } from "node:module";
import { freePort, patienceMs } from "@turnkeep/dev-services";
import { bundleProgram } from "@turnkeep/dev-services/bundle";
import { uniqueName } from "@turnkeep/dev-services/testing";
import { afterAll, expect, test, vi } from "vitest";
import { createBoardgameStorage } from "./storage.js";
import { onServers } from "./testing/places.js";
import { goal, race } from "./testing/server/race.js";
import { type ServerProcess, startServer } from "./testing/server/run-server.js";

const require = createRequire(import.meta.url);
const { Client, LobbyClient } = require("boardgame.io/client") as typeof import("boardgame.io/client");
const { SocketIO } = require("boardgame.io/multiplayer") as typeof import("boardgame.io/multiplayer");

const program = await bundleProgram(new URL("./testing/server/server-main.ts", import.meta.url), ["boardgame.io"]);
const running = new Set<ServerProcess>();
afterAll(() => Promise.all([...running].map((server) => server.kill())));

async function serve(port: number, name: string): Promise<ServerProcess> {
  const server = await startServer(program, port, name);
  running.add(server);
  return server;
}

async function kill(server: ServerProcess): Promise<void> {
  running.delete(server);
  await server.kill();
}

function join(port: number, matchID: string, playerID: string, credentials: string) {
  const socketOpts = { reconnectionDelay: 10, reconnectionDelayMax: 100 };
  const multiplayer = SocketIO({ server: `http://127.0.0.1:${port}`, socketOpts });
  const client = Client({ game: race, matchID, playerID, credentials, multiplayer, debug: false });
  client.start();
  let isSynced = false;
  const { socket } = (client as unknown as { transport: { socket: Socket } }).transport;
  // Connected, a client still shows what it saw before; it hears of moves once it is synced.
  socket.on("sync", () => {
    isSynced = true;
  });
  socket.on("disconnect", () => {
    isSynced = false;
  });
  return Object.assign(client, { isSynced: () => isSynced });
}
type Player = ReturnType<typeof join>;

interface Socket {
  on(event: "sync" | "disconnect", listener: () => void): void;
}

/** How far a player sees the match; `null` while the server is away. */
function seen(player: Player): number | null {
  return player.isSynced() ? (player.getState()?._stateID ?? null) : null;
}

const poll = { timeout: patienceMs, interval: 10 };

/** Resolves once both see the same; returns how far that is. */
async function agreed(players: readonly [Player, Player]): Promise<number> {
  const compare = () => {
    const [left, right] = players.map(seen);
    if (typeof left !== "number" || left !== right) throw new Error(`they see ${left} and ${right}`);
    return left;
  };
  return vi.waitFor(async () => {
    try {
      return await vi.waitFor(compare, { timeout: 500, interval: 10 });
    } catch (error) {
      // A client that connects anew while the other moves may miss that move, and shows it after a reload.
      for (const player of players) player.updateMatchID(player.matchID);
      throw error;
    }
  }, poll);
}

async function playerOf(lobby: InstanceType<typeof LobbyClient>, matchID: string, playerName: string) {
  return lobby.joinMatch("race", matchID, { playerName });
}

test(
  "two clients play a whole match by boardgame.io's own server, which is killed 20 times",
  async () => {
    const [port, name] = [await freePort(), uniqueName("race")];
    let server = await serve(port, name);
    const lobby = new LobbyClient({ server: `http://127.0.0.1:${port}` });
    const { matchID } = await lobby.createMatch("race", { numPlayers: 2 });
    const alice = await playerOf(lobby, matchID, "Alice");
    const bob = await playerOf(lobby, matchID, "Bob");
    const players = [
      join(port, matchID, alice.playerID, alice.playerCredentials),
      join(port, matchID, bob.playerID, bob.playerCredentials),
    ] as const;
    await agreed(players);

    let kills = 0;
    for (let move = 0; players[0].getState()?.ctx.gameover === undefined; move++) {
      const before = await agreed(players);
      const mover = players.find((player) => player.playerID === player.getState()?.ctx.currentPlayer);
      mover?.moves.step?.();
      const dies = kills < 20 && move % 2 === 1;
      // Every other time it dies while the move is under way.
      if (!dies || kills % 2 === 0) await vi.waitFor(() => expect(seen(players[0])).not.toBe(before), poll);
      if (dies) {
        await kill(server);
        kills += 1;
        await vi.waitFor(() => expect(players.map(seen)).toEqual([null, null]), poll);
        server = await serve(port, name);
      }
      await agreed(players);
    }
    expect(kills).toBe(20);

    const [first, second] = players.map((player) => player.getState());
    expect(first?.G).toEqual(second?.G);
    expect(first?.G.steps).toEqual(Array.from({ length: goal }, (_, n) => String(n % 2)));
    for (const player of players) player.stop();
    await vi.waitFor(async () => {
      expect(await lobby.getMatch("race", matchID)).toMatchObject({ gameover: { winner: "1" } });
    }, poll);
    const { matches } = await lobby.listMatches("race", { isGameover: true });
    expect(matches).toMatchObject([{ matchID, players: [{ name: "Alice" }, { name: "Bob" }] }]);
    expect((await lobby.listMatches("race", { isGameover: false })).matches).toEqual([]);
    await kill(server);

    const db = createBoardgameStorage(onServers(name).stores());
    await db.connect();
    const { state, log } = await db.fetch(matchID, { state: true, log: true });
    expect(state.G).toEqual(first?.G);
    const moves = log.filter(({ action }) => action.type === "MAKE_MOVE");
    expect(moves.map(({ action }) => action.payload.playerID)).toEqual(state.G.steps);
    await db.close();
  },
  20 * patienceMs,
);

test("two servers share the stores: each goes on where the other is, and a lobby's players are on both", async () => {
  const name = uniqueName("race");
  const [one, two] = [await serve(await freePort(), name), await serve(await freePort(), name)];
  const lobbies = [one, two].map(({ port }) => new LobbyClient({ server: `http://127.0.0.1:${port}` }));
  const [here, there] = lobbies as [InstanceType<typeof LobbyClient>, InstanceType<typeof LobbyClient>];
  const { matchID } = await here.createMatch("race", { numPlayers: 2 });
  // Each takes a seat of its own choice, at once, by another server.
  const [alice, bob] = await Promise.all([
    here.joinMatch("race", matchID, { playerID: "0", playerName: "Alice" }),
    there.joinMatch("race", matchID, { playerID: "1", playerName: "Bob" }),
  ]);
  expect((await here.getMatch("race", matchID)).players).toMatchObject([{ name: "Alice" }, { name: "Bob" }]);
  const [left, right] = [
    join(one.port, matchID, "0", alice.playerCredentials),
    join(two.port, matchID, "1", bob.playerCredentials),
  ] as const;
  await agreed([left, right]);
  for (let move = 0; move < 10; move++) {
    const [mover, other] = move % 2 === 0 ? [left, right] : [right, left];
    const before = await agreed([left, right]);
    mover.moves.step?.();
    await vi.waitFor(() => expect(seen(mover)).toBeGreaterThan(before), poll);
    // boardgame.io's servers send moves to their own clients alone, so the other one asks again, as after a reload.
    await vi.waitFor(() => {
      other.updateMatchID(matchID);
      return vi.waitFor(() => expect(seen(other)).toBe(seen(mover)), { timeout: 500, interval: 10 });
    }, poll);
  }
  expect(left.getState()?.G.steps).toHaveLength(10);
  for (const player of [left, right]) player.stop();
  await Promise.all([kill(one), kill(two)]);
});
