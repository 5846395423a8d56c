import { startPostgres, startRedis } from "@turnkeep/dev-services";
import { createStorage, givenStores } from "./config.js";
import { playMatch } from "./play-match.js";

const started = givenStores === null ? await Promise.all([startRedis(), startPostgres()]) : null;
const stores =
  started === null ? givenStores : { redisUrl: started[0].url, databaseUrl: started[1].url, name: "boardgame_example" };
if (stores === null) throw new Error("no servers");

const db = createStorage(stores);
try {
  const matchID = await playMatch(stores);
  await db.connect();
  const { state, log } = await db.fetch(matchID, { state: true, log: true });
  const { cells } = state.G as { cells: (string | null)[] };
  for (const row of [0, 3, 6])
    console.log(
      cells
        .slice(row, row + 3)
        .map((cell) => cell ?? ".")
        .join(" "),
    );
  console.log(`match ${matchID}: ${JSON.stringify(state.ctx.gameover)}, ${log.length} log entries, one server killed`);
} finally {
  await db.close();
  for (const server of started ?? []) await server.stop();
}
