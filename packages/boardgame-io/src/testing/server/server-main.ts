import { createRequire } from "node:module";
import { createRedisCache } from "@turnkeep/redis-cache";
import { createSqlStore } from "@turnkeep/sql-store";
import { createBoardgameStorage } from "../../storage.js";
import { race } from "./race.js";

/** What a game server of boardgame.io's own is, started by a test and killed by it. */
const { port, name, redisUrl, databaseUrl } = JSON.parse(process.argv[2] ?? "{}");
// Plain Node finds this module only by `require`.
const { Server } = createRequire(import.meta.url)("boardgame.io/server") as typeof import("boardgame.io/server");

const db = createBoardgameStorage({
  cache: createRedisCache({ url: redisUrl, keyPrefix: `${name}:` }),
  store: createSqlStore({ url: databaseUrl, schema: name, migrateOnStart: true }),
});
await Server({ games: [race], db, origins: ["*"] }).run(port);
process.stdout.write("serving\n");
