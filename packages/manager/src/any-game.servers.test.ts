import { type DeepReadonly, defineGame, type Outcome, playerIdsSchema, systemRuntime } from "@turnkeep/core";
import { patienceMs } from "@turnkeep/dev-services";
import { testServers, uniqueName } from "@turnkeep/dev-services/testing";
import { createRedisCache } from "@turnkeep/redis-cache";
import { createSqlStore } from "@turnkeep/sql-store";
import { Sequelize } from "sequelize";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import * as z from "zod";
import { createGameStateManager } from "./create-manager.js";
import type { GameStateManager } from "./manager.js";

/* A game that has nothing of the card game: any number of players with names for ids, scores, draws by agreement. */

const auctionSchema = z.strictObject({
  schemaVersion: z.literal(1),
  id: z.string(),
  round: z.int(),
  players: playerIdsSchema,
  scores: z.record(z.string(), z.number()),
  agreed: z.array(z.string()),
});
type Auction = DeepReadonly<z.infer<typeof auctionSchema>>;

/** Over once all agree that nobody wins. */
const resultOf = ({ players, scores, agreed }: Auction): Outcome | null =>
  agreed.length < players.length
    ? null
    : {
        endReason: "agreement",
        winnerIds: [],
        winnerIsNpc: false,
        scores,
        ranks: Object.fromEntries(players.map((id) => [id, 1])),
      };

const auction = defineGame<Auction, Record<string, number>>({
  name: "auction",
  schema: auctionSchema,
  schemaVersion: 1,
  endReasons: ["agreement", "sold_out"],
  gameTypes: ["dutch", "english"],
  idOf: ({ id }) => id,
  turnOf: ({ round }) => round,
  playersOf: ({ players }) => players,
  viewFor: ({ scores }) => scores,
  resultOf,
});

const players = ["alice", "bob of the hill", "👩‍👩‍👧"];
const newAuction = (): Auction => ({
  schemaVersion: 1,
  id: systemRuntime.randomId(),
  round: 1,
  players,
  scores: Object.fromEntries(players.map((id) => [id, 0])),
  agreed: [],
});
const bid = (id: string, points: number) => (state: Auction) => ({
  state: { ...state, round: state.round + 1, scores: { ...state.scores, [id]: (state.scores[id] ?? 0) + points } },
  log: [{ id, points }],
});
const agree = (id: string) => (state: Auction) => ({ ...state, agreed: [...state.agreed, id] });

const schema = uniqueName("any_game");
let sequelize: Sequelize;
const running: GameStateManager<Auction, Record<string, number>>[] = [];
beforeAll(() => {
  sequelize = new Sequelize(testServers().databaseUrl, { logging: false });
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((manager) => manager.close()));
});
afterAll(async () => {
  await sequelize.query(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`);
  await sequelize.close();
});

async function server(): Promise<GameStateManager<Auction, Record<string, number>>> {
  const { redisUrl } = testServers();
  const manager = createGameStateManager({
    game: auction,
    cache: createRedisCache({ url: redisUrl, keyPrefix: `${schema}:`, commandTimeoutMs: patienceMs }),
    store: createSqlStore({ sequelize, schema, migrateOnStart: true }),
    runFlusher: false,
  });
  await manager.start();
  running.push(manager);
  return manager;
}

test("three players with names for ids play for scores to a draw by agreement, into history and replay", async () => {
  const [one, two] = [await server(), await server()];
  const { id } = (await one.createGame(newAuction(), { gameType: "dutch" })).state;
  await one.update(id, bid("alice", 0.5));
  await two.update(id, bid("👩‍👩‍👧", -3));
  await one.deleteFromCache(id);
  for (const player of players) {
    expect((await two.getPlayerActiveGames(player)).items).toMatchObject([{ gameId: id, playerIds: players }]);
    await two.update(id, agree(player));
  }
  const outcome = {
    endReason: "agreement",
    winnerIds: [],
    winnerIsNpc: false,
    scores: { alice: 0.5, "bob of the hill": 0, "👩‍👩‍👧": -3 },
    ranks: { alice: 1, "bob of the hill": 1, "👩‍👩‍👧": 1 },
  };
  expect(await one.endGame(id, outcome)).toMatchObject({ outcome, winners: [], losers: [], turnCount: 3 });
  for (const player of players) {
    const { items } = await one.getPlayerHistory(player);
    expect(items).toMatchObject([{ gameId: id, gameType: "dutch", playerIds: players, outcome }]);
  }
  const replay = await one.getReplay(id, { playerId: "bob of the hill" });
  expect(replay).toMatchObject({
    record: { gameId: id, outcome },
    finalView: outcome.scores,
    log: [
      { id: "alice", points: 0.5 },
      { id: "👩‍👩‍👧", points: -3 },
    ],
  });
});

test("a team wins; who does not play cannot win, be ranked or have a score, and the game stays", async () => {
  const manager = await server();
  const { id } = (await manager.createGame(newAuction(), { gameType: "english" })).state;
  const team = { endReason: "sold_out", winnerIds: ["alice", "👩‍👩‍👧"], winnerIsNpc: false, scores: { alice: 9 } };
  const wrong: [Outcome, string][] = [
    [{ ...team, winnerIds: ["alice", "dora"] }, "outcome.winnerIds"],
    [{ ...team, ranks: { dora: 1 } }, "outcome.ranks"],
    [{ ...team, scores: { dora: 1 } }, "outcome.scores"],
    [{ ...team, ranks: { alice: 0 } }, "outcome.ranks.alice"],
    [{ ...team, scores: { alice: Number.NaN } }, "outcome.scores.alice"],
    [{ ...team, winnerIds: ["alice", "alice"] }, "outcome.winnerIds"],
    [{ ...team, winnerIsNpc: true }, "outcome.winnerIsNpc"],
    [{ ...team, endReason: "prizes" }, "outcome.endReason"],
  ];
  for (const [outcome, field] of wrong) {
    const refused = { code: "InvalidInput", details: { issues: [expect.stringContaining(`${field}:`)] } };
    await expect(manager.endGame(id, outcome)).rejects.toMatchObject(refused);
  }
  expect((await manager.loadState(id))?.status).toBe("live");
  expect(await manager.endGame(id, team)).toMatchObject({
    winners: team.winnerIds,
    losers: ["bob of the hill"],
    outcome: team,
  });
});
