import { interceptAll } from "@turnkeep/conformance";
import { defineGame, type Outcome } from "@turnkeep/core";
import type { Cache, Store } from "@turnkeep/core/ports";
import { uniqueName } from "@turnkeep/dev-services/testing";
import { createRedisCache } from "@turnkeep/redis-cache";
import { createSqlStore } from "@turnkeep/sql-store";
import { Redis } from "ioredis";
import pg from "pg";
import { Sequelize, type Transaction } from "sequelize";
import * as z from "zod";
import { createGameStateManager } from "../../create-manager.js";
import { Gates } from "./gates.js";
import { type Moves, type Server, type Step, type Subject, withMove } from "./subject.js";

const schema = z.strictObject({
  schemaVersion: z.literal(1),
  gameId: z.uuid(),
  turn: z.int(),
  moves: z.array(z.string()),
  rules: z.record(z.string(), z.number()),
});
const game = defineGame<Moves>({
  name: "moves",
  schema,
  schemaVersion: 1,
  idOf: (state) => state.gameId,
  turnOf: (state) => state.turn,
  resultOf: () => null,
  rulesOf: (state) => state.rules,
});
const draw: Outcome = { winnerId: null, winnerIsNpc: false, endReason: "draw" };

const cacheSteps: { [operation in keyof Cache]?: Step } = { install: "fillCache", evict: "clearCache" };
const storeSteps: { [operation in keyof Store]?: Step } = { create: "createRow", remove: "deleteRow" };

/** The port, with its steps passing the gates and its replies being looked at. */
function watched<Port extends object>(
  port: Port,
  steps: { readonly [operation in keyof Port]?: Step },
  gates: Gates,
  see: (reply: unknown) => void,
): Port {
  return interceptAll(port, async (operation, call) => {
    const step = steps[operation];
    if (step !== undefined) await gates.at(step);
    const reply = await call();
    see(reply);
    return reply;
  });
}

/** Two managers, as two server processes would have them, in a schema and under a key prefix of their own. */
export async function createTurnkeepSubject(urls: { databaseUrl: string; redisUrl: string }): Promise<Subject> {
  const names = { prefix: `${uniqueName("holes")}:`, schema: uniqueName("holes") };
  const redis = new Redis(urls.redisUrl);
  const db = new pg.Pool({ connectionString: urls.databaseUrl, max: 2 });
  const sequelize = new Sequelize(urls.databaseUrl, { logging: false });
  await createSqlStore({ sequelize, schema: names.schema }).migrate();
  let largest = 0;
  const see = (reply: unknown) => {
    if (Array.isArray(reply)) largest = Math.max(largest, reply.length);
  };

  const gates = [new Gates(), new Gates()] as const;
  const start = async (own: Gates) => {
    const cache = watched(createRedisCache({ url: urls.redisUrl, keyPrefix: names.prefix }), cacheSteps, own, see);
    const store: Store<Transaction> = watched(
      createSqlStore({ sequelize, schema: names.schema }),
      storeSteps,
      own,
      see,
    );
    const settings = { runFlusher: false, flushWithinMs: 10, recoveryPageGames: 10 };
    const manager = createGameStateManager({ game, cache, store, ...settings });
    await manager.start();
    const server: Server = {
      create: async (state) => void (await manager.createGame(state, { gameType: "freeplay", playerIds: [] })),
      load: async (gameId) => (await manager.loadState(gameId))?.state ?? null,
      act: async (gameId, move) => void (await manager.update(gameId, (state) => withMove(state, move))),
      persist: async (state, facts) => void (await manager.persistToDb(state, facts)),
      end: async (gameId) => void (await manager.endGame(gameId, draw)),
      archive: async (gameId, state) => void (await manager.archiveToHistory(gameId, { state, ...draw })),
      archiveAndRollBack: async (gameId) => {
        const transaction = await sequelize.transaction();
        await manager.archiveToHistory(gameId, { ...draw, transaction });
        await transaction.rollback();
      },
      remove: async (gameId) => void (await manager.deleteGame(gameId)),
      evict: async (gameId) => void (await manager.deleteFromCache(gameId)),
      recover: async () => void (await manager.recoverActiveGames()),
      count: () => manager.getActiveGameCount(),
      flushLeftovers: async () => {
        do await manager.flushDue();
        while ((await cache.backlog()).games > 0);
      },
    };
    return { manager, server };
  };
  const [a, b] = [await start(gates[0]), await start(gates[1])];
  const reader = createSqlStore({ sequelize, schema: names.schema });
  await reader.start();

  return {
    servers: [a.server, b.server],
    redis,
    hold: (server, step) => gates[server].hold(step),
    stateKey: (gameId) => `${names.prefix}game:${gameId}`,
    history: async (gameId) => {
      const found = await reader.readReplay(gameId);
      if (!found) return [];
      const { rows } = await db.query(
        `SELECT count(*)::int AS n FROM "${names.schema}".game_history WHERE game_id = $1`,
        [gameId],
      );
      const { finalState } = JSON.parse(found.replay) as { finalState: Moves };
      return Array.from({ length: rows[0].n }, () => ({
        moves: finalState.moves,
        incomplete: found.record.incomplete,
      }));
    },
    storedRules: async (gameId) => {
      const reply = await reader.read(gameId);
      return reply.kind === "row" ? JSON.parse(reply.game.rules) : undefined;
    },
    largestReply: () => largest,
    stop: async () => {
      await Promise.all([a.manager.close(), b.manager.close()]);
      await reader.close();
      await db.query(`DROP SCHEMA "${names.schema}" CASCADE`);
      await Promise.all([db.end(), redis.quit(), sequelize.close()]);
    },
  };
}
