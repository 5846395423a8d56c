import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createChessManager, givenServers } from "./config.js";
import { nextOf, readPgn } from "./pgn.js";
import { act, newChessGame } from "./rules.js";

// Goes on with one game from wherever it stands, until it is over. Before each action it asks its parent.
const [file = "", gameId = ""] = process.argv.slice(2);
if (givenServers === null) throw new Error("REDIS_URL and DATABASE_URL are needed");
const recorded = readPgn(await readFile(file, "utf8"));
const manager = createChessManager(givenServers);
await manager.start();

const twoHoursMs = 2 * 3_600_000;
const load = async () => (await manager.loadState(gameId))?.state;
let state = await load();
if (state === undefined && (await manager.getReplayStates(gameId)) === null) {
  const created = newChessGame(gameId, recorded.players, twoHoursMs);
  ({ state } = await manager.createGame(created, { gameType: "classical" }));
}
while (state !== undefined && state.over === null) {
  const goOn = once(process, "message");
  process.send?.(state.turn);
  await goOn;
  const [player, action] = nextOf(recorded, state);
  const { turn } = state;
  const atMs = manager.serviceTime();
  ({ state } = await manager.update(gameId, (now) => {
    if (now.turn !== turn) throw new Error("another process plays this game as well");
    return act(now, player, action, atMs);
  }));
}
await manager.close();
process.disconnect();
