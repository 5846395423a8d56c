import { defineGame } from "@turnkeep/game-state/core";
import { createGameStateManager } from "@turnkeep/manager";
import { createRedisCache } from "@turnkeep/redis-cache";
import { createSqlStore } from "@turnkeep/sql-store";
import * as z from "zod";

const schema = z.strictObject({ schemaVersion: z.literal(1), id: z.uuid(), turn: z.int(), stones: z.int() });
const nim = defineGame({
  name: "nim",
  schema,
  schemaVersion: 1,
  idOf: (g) => g.id,
  turnOf: (g) => g.turn,
  resultOf: () => null,
});

const store = createSqlStore({
  url: process.env.DATABASE_URL ?? "",
  schema: process.env.DATABASE_SCHEMA ?? "turnkeep",
});
await store.migrate();
const manager = createGameStateManager({
  game: nim,
  cache: createRedisCache({ url: process.env.REDIS_URL ?? "" }),
  store,
});
await manager.start();

const id = crypto.randomUUID();
await manager.createGame({ schemaVersion: 1, id, turn: 1, stones: 21 }, { gameType: "freeplay", playerIds: [] });
await manager.update(id, (game) => ({ ...game, stones: game.stones - 3 })); // one Redis round trip; in Postgres within a second
const { version } = await manager.update(id, (game) => ({ ...game, turn: game.turn + 1 })); // a turn boundary: in Postgres now
await manager.endGame(id, { winnerId: null, winnerIsNpc: false, endReason: "draw" }); // sealed, archived with its replay, once

console.log(`kept ${version}; live games: ${await manager.getActiveGameCount()}`);
await manager.close();
