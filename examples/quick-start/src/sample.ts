import { createGameStateManager } from "@turnkeep/manager";
import { createRedisCache } from "@turnkeep/redis-cache";
import { createSqlStore } from "@turnkeep/sql-store";
import { newNim, nim } from "./nim.js"; // any game: a zod schema, and where its id and its turn number are

const { REDIS_URL = "", DATABASE_URL = "", DATABASE_SCHEMA = "turnkeep" } = process.env;
const store = createSqlStore({ url: DATABASE_URL, schema: DATABASE_SCHEMA, migrateOnStart: true });
const manager = createGameStateManager({ game: nim, cache: createRedisCache({ url: REDIS_URL }), store });
await manager.start();
const id = crypto.randomUUID();
await manager.createGame(newNim(id, 21), { gameType: "freeplay", playerIds: [] });
await manager.update(id, (game) => ({ ...game, stones: game.stones - 3 })); // one Redis round trip; in Postgres within 1 s
await manager.update(id, (game) => ({ ...game, turn: game.turn + 1 })); // a turn boundary: in Postgres now
await manager.endGame(id, { endReason: "draw", winnerIds: [], winnerIsNpc: false }); // in history, once, with its replay
console.log(`live games: ${await manager.getActiveGameCount()}`);
await manager.close();
