import { randomUUID } from "node:crypto";
import { toVersion } from "@turnkeep/core";
import type { ActiveGame, FlushItem, NewGame } from "@turnkeep/core/ports";
import { testServers, uniqueName } from "@turnkeep/dev-services/testing";
import { afterAll, beforeAll } from "vitest";
import type { SqlStoreOptions } from "../options.js";
import { createSqlStore, type SqlStore } from "../store.js";

/** For what is not about time: a busy machine may take long to answer. */
export const patient = { connectTimeoutMs: 60_000, statementTimeoutMs: 60_000, lockTimeoutMs: 60_000 };

/** A migrated and started store in a schema of this file's own, which is dropped afterwards. */
export function useStore(options: Partial<SqlStoreOptions> = {}): {
  readonly store: SqlStore;
  readonly schema: string;
} {
  const schema = uniqueName("sql_store");
  const fixture: { store: SqlStore; schema: string } = { schema, store: undefined as unknown as SqlStore };
  beforeAll(async () => {
    fixture.store = createSqlStore({ url: testServers().databaseUrl, schema, ...patient, ...options });
    await fixture.store.migrate();
    await fixture.store.start();
  });
  afterAll(async () => {
    await fixture.store.sequelize.query(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`);
    await fixture.store.close();
  });
  return fixture;
}

export const newGame = (change: Partial<NewGame> = {}): NewGame => ({
  gameId: randomUUID(),
  gameType: "ranked",
  playerIds: [randomUUID(), "npc:rival"],
  npcId: "rival",
  rules: '{"prizes": 6}',
  rulesVersion: 2,
  state: '{"turn": 1,  "note": "\\u00e9 ü"}',
  schemaVersion: 1,
  turnNumber: 1,
  dueAt: null,
  writeId: "creation-1",
  ...change,
});

export async function created(store: SqlStore, change: Partial<NewGame> = {}): Promise<ActiveGame> {
  const reply = await store.create(newGame(change));
  if (reply.kind !== "created") throw new Error(`the game was not created: ${reply.kind}`);
  return reply.game;
}

export async function loaded(store: SqlStore, gameId: string): Promise<ActiveGame> {
  const reply = await store.load(gameId);
  if (reply.kind !== "row") throw new Error(`the game was not loaded: ${reply.kind}`);
  return reply.game;
}

/** The copy that a cache would hold after `writes` further writes of this row, each with one log entry. */
export function nextCopy(row: ActiveGame, change: Partial<FlushItem> = {}, writes = 1): FlushItem {
  const [lineage = "", revision = ""] = row.version.split(".");
  const version = toVersion(lineage, String(BigInt(revision) + BigInt(writes)));
  const logCount = row.logCount + writes;
  return {
    gameId: row.gameId,
    status: "live",
    version,
    fence: row.fence,
    base: row.version,
    state: `{"turn":${row.turnNumber + writes}}`,
    schemaVersion: row.schemaVersion,
    turnNumber: row.turnNumber + writes,
    dueAt: row.dueAt,
    logCount,
    writeIds: `${row.writeIds} write-${logCount}@${version}`,
    outcome: null,
    lastActionAt: row.lastActionAt,
    entries: Array.from({ length: writes }, (_, index) => `{"entry": ${row.logCount + 1 + index}}`),
    ...change,
  };
}

export const victory = { endReason: "prizes", winnerIds: [randomUUID()], winnerIsNpc: false } as const;

/** The sealed copy of this row, after one last write. */
export const sealedCopy = (row: ActiveGame, change: Partial<FlushItem> = {}): FlushItem =>
  nextCopy(row, { status: "ended", outcome: victory, ...change });
