import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { startPostgres, startRedis } from "@turnkeep/dev-services";
import { createChessManager, givenServers } from "./config.js";
import { readPgn, toPgn } from "./pgn.js";
import { playPgn } from "./play-pgn.js";

const started = givenServers === null ? await Promise.all([startRedis(), startPostgres()]) : null;
const servers =
  started === null ? givenServers : { redisUrl: started[0].url, databaseUrl: started[1].url, name: "chess_example" };
if (servers === null) throw new Error("no servers");

const folder = fileURLToPath(new URL("../games/", import.meta.url));
const manager = createChessManager(servers);
try {
  await manager.start();
  for (const file of await readdir(folder)) {
    const gameId = crypto.randomUUID();
    const kills = await playPgn(`${folder}${file}`, { servers, gameId, actionsPerServer: 8 });
    const archived = await manager.getReplayStates(gameId);
    if (archived?.finalState == null) throw new Error(`${file} is not in history`);
    const pgn = toPgn(archived.finalState);
    const same = JSON.stringify(readPgn(pgn)) === JSON.stringify(readPgn(await readFile(`${folder}${file}`, "utf8")));
    console.log(`${pgn}\n${file}: ${kills} servers killed, ${same ? "equals its file" : "DIFFERS from its file"}\n`);
    if (!same) process.exitCode = 1;
  }
} finally {
  await manager.close();
  for (const server of started ?? []) await server.stop();
}
