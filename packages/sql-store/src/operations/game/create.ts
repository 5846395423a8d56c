import {
  assertGameId,
  assertWriteId,
  type GameId,
  isTurnkeepError,
  lineageOf,
  rememberWrite,
  revisionOf,
  toVersion,
} from "@turnkeep/core";
import type { ActiveGame, CopyWithOrigin, CreateReply, NewGame } from "@turnkeep/core/ports";
import type { CallOptions, Database } from "../../connection/database.js";
import type { SqlValue, Statement } from "../../connection/statement.js";
import { binaryTextArray } from "../../connection/text-array.js";
import { aborted, connectionsInUse, sqlStateOf } from "../../errors.js";
import { milliseconds } from "../../schema/rows.js";
import { readStatus, whileRowChanges } from "./status.js";

interface CreatedRow {
  readonly id: string;
  readonly fence: string;
  readonly started_ms: string;
}

/**
 * Makes the rows of games and their initial states, entry 0 of their logs; returns what was drawn for each row.
 * Of a game whose id is or was in use (a row of any status, or history) nothing is made. Of two at once with one id, the
 * second waits for the first to commit, here for a bounded time. Rows are made in the order of their ids, so that two
 * batches cannot deadlock.
 * $1 ids · $2 game types · $3 player ids, as JSON · $4 NPCs · $5 rules · $6 states · $7 schema versions · $8 turns
 * · $9 write ids · $10 due · $11 how long to wait for another transaction, in ms; null: as the session does
 * · $12 versions of the rules · $13 metadata
 */
const createGames: Statement<CreatedRow> = {
  name: "create-games",
  writes: true,
  sql: (t) => `
    WITH patience AS MATERIALIZED (
      SELECT CASE WHEN $11::text IS NOT NULL THEN set_config('lock_timeout', $11::text, true) END
    ), given AS MATERIALIZED (
      SELECT v.*, ${t.nextFence} AS fence
      FROM patience, unnest(
        $1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::integer[], $8::integer[], $9::text[],
        $10::bigint[], $12::integer[], $13::text[]
      ) AS v (id, game_type, players, npc_id, rules, state, schema_version, turn_number, write_id, due_at, rules_version, metadata)
      WHERE NOT EXISTS (SELECT FROM ${t.history} h WHERE h.game_id = v.id)
      ORDER BY v.id
    ), created AS (
      INSERT INTO ${t.games} (
        id, status, lineage, revision, fence, turn_number, game_type, player_ids, npc_id, rules, state,
        schema_version, write_ids, log_count, due_at, rules_version, metadata, metadata_version, started_at, last_action_at)
      SELECT id, 'live', fence, 1, fence, turn_number, game_type,
        ARRAY(SELECT json_array_elements_text(players::json)), npc_id, rules::json, state,
        schema_version, write_id || '@' || fence || '.1', 0, due_at, rules_version, metadata, CASE WHEN metadata IS NULL THEN 0 ELSE fence END, now(), now()
      FROM given
      ON CONFLICT (id) DO NOTHING
      RETURNING id, fence, started_at, state
    ), initial AS (
      INSERT INTO ${t.log} (game_id, seq, entry) SELECT id, 0, state FROM created
    )
    SELECT id, fence, ${milliseconds("started_at")} AS started_ms FROM created`,
};

const createValues = (games: readonly NewGame[], patience: number | null): readonly SqlValue[] => [
  games.map(({ gameId }) => gameId),
  games.map(({ gameType }) => gameType),
  games.map(({ playerIds }) => JSON.stringify(playerIds)),
  games.map(({ npcId }) => npcId),
  binaryTextArray(games.map(({ rules }) => rules)),
  binaryTextArray(games.map(({ state }) => state)),
  games.map(({ schemaVersion }) => schemaVersion),
  games.map(({ turnNumber }) => turnNumber),
  games.map(({ writeId }) => writeId),
  games.map(({ dueAt }) => dueAt),
  patience === null ? null : String(patience),
  games.map(({ rulesVersion }) => rulesVersion),
  games.map(({ metadata = null }) => metadata),
];

interface Waiting {
  readonly game: NewGame;
  readonly sinceMs: number;
  readonly resolve: (row: CreatedRow | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/** What one statement takes: a larger one is no faster a game, and keeps its first one waiting. */
const most = { games: 32, chars: 200_000 };
const statementsAtOnce = 2;
/** How long a shared statement waits for a row that another transaction makes; then each of its games goes alone. */
const patienceMs = 100;

/**
 * Creations that come while others are on their way gather, and share the next statement and its commit. None waits for
 * more to come. An error that may be one game's (a value is refused, another transaction makes its row) leaves nothing
 * made, and each game is made by a statement of its own, beside those of others. What has waited for as long as a call
 * may wait for a connection is refused when the statement before it ends, which has a time limit of its own.
 */
class JoinedCreations {
  readonly #db: Database;
  #waiting: Waiting[] = [];
  #atOnce = 0;
  #called = false;

  constructor(db: Database) {
    this.#db = db;
  }

  /** The row; undefined if the id is or was in use. @throws StoreUnavailable, InvalidInput, Aborted */
  join(game: NewGame, signal: AbortSignal | undefined): Promise<CreatedRow | undefined> {
    if (signal?.aborted) throw aborted("notDone");
    let onAbort = () => {};
    const made = new Promise<CreatedRow | undefined>((resolve, reject) => {
      const waiting = { game, sinceMs: this.#db.runtime.monotonicMs(), resolve, reject };
      onAbort = () => this.#abort(waiting);
      this.#waiting.push(waiting);
      if (this.#called) return;
      this.#called = true;
      // What comes in the same breath shares the first statement already.
      queueMicrotask(() => {
        this.#called = false;
        this.#go();
      });
    });
    if (signal === undefined) return made;
    signal.addEventListener("abort", onAbort, { once: true });
    return made.finally(() => signal.removeEventListener("abort", onAbort));
  }

  #abort(waiting: Waiting): void {
    const isWaiting = this.#waiting.includes(waiting);
    this.#waiting = this.#waiting.filter((other) => other !== waiting);
    waiting.reject(aborted(isWaiting ? "notDone" : "unknown"));
  }

  #go(): void {
    this.#refuseLate();
    while (this.#atOnce < statementsAtOnce && this.#waiting.length > 0) {
      this.#atOnce += 1;
      void this.#create(this.#next(), patienceMs).finally(() => {
        this.#atOnce -= 1;
        this.#go();
      });
    }
  }

  #refuseLate(): void {
    const { runtime, connectTimeoutMs } = this.#db;
    const lastMs = runtime.monotonicMs() - connectTimeoutMs;
    const late = this.#waiting.filter(({ sinceMs }) => sinceMs <= lastMs);
    if (late.length === 0) return;
    this.#waiting = this.#waiting.filter(({ sinceMs }) => sinceMs > lastMs);
    for (const { reject } of late) reject(connectionsInUse());
  }

  /** In the order in which they came, each id once; what does not fit waits for a later statement. */
  #next(): readonly Waiting[] {
    const batch = new Map<GameId, Waiting>();
    const later: Waiting[] = [];
    let chars = 0;
    for (const waiting of this.#waiting) {
      const { gameId, state } = waiting.game;
      const fits = batch.size < most.games && (batch.size === 0 || chars + state.length <= most.chars);
      if (!fits || batch.has(gameId)) later.push(waiting);
      else {
        batch.set(gameId, waiting);
        chars += state.length;
      }
    }
    this.#waiting = later;
    return [...batch.values()];
  }

  /** @param patience in ms; null: as long as the session waits for a row, beside the statements of others */
  async #create(batch: readonly Waiting[], patience: number | null): Promise<void> {
    const games = batch.map(({ game }) => game);
    try {
      const rows = await this.#db.run(createGames, createValues(games, patience));
      const made = new Map(rows.map((row) => [row.id, row]));
      for (const { game, resolve } of batch) resolve(made.get(game.gameId));
    } catch (error) {
      const alone = isLockTimeout(error)
        ? patience !== null
        : batch.length > 1 && isTurnkeepError(error, "InvalidInput");
      for (const waiting of batch) {
        if (alone) void this.#create([waiting], null);
        else waiting.reject(error);
      }
    }
  }
}

const isLockTimeout = (error: unknown) => sqlStateOf(error) === "55P03";

const joinedCreations = new WeakMap<Database, JoinedCreations>();

/** Creations of one store share statements; in a caller's transaction each has its own. */
async function createRow(
  db: Database,
  game: NewGame,
  { transaction, signal }: CallOptions,
): Promise<CreatedRow | undefined> {
  if (transaction) return (await db.run(createGames, createValues([game], null), { transaction, signal }))[0];
  const joined = joinedCreations.get(db) ?? new JoinedCreations(db);
  joinedCreations.set(db, joined);
  return joined.join(game, signal);
}

/** Makes a game's row, unless the id is or was in use. @throws InvalidGameId, InvalidInput */
export function create(db: Database, game: NewGame, options: CallOptions = {}): Promise<CreateReply> {
  assertGameId(game.gameId);
  assertWriteId(game.writeId);
  return whileRowChanges(async () => {
    const row = await createRow(db, game, options);
    if (row) return { kind: "created", game: toCreated(game, row) };
    const { status } = await readStatus(db, game.gameId, options);
    return status === "missing" ? null : { kind: "exists", status };
  });
}

function toCreated({ writeId, metadata = null, ...game }: NewGame, { fence, started_ms }: CreatedRow): ActiveGame {
  const version = toVersion(fence, "1");
  const startedAt = Number(started_ms);
  return {
    ...game,
    ...{ metadata, metadataVersion: metadata === null ? "0" : fence },
    playerIds: Object.freeze([...game.playerIds]),
    status: "live",
    version,
    fence,
    logCount: 0,
    writeIds: rememberWrite("", writeId, version),
    outcome: null,
    startedAt,
    lastActionAt: startedAt,
  };
}

/**
 * Makes the row of a copy that has none, and its log as far as the copy has it; returns the id. Nothing comes back if
 * the id is or was in use: a row of any status, or history.
 * $1 id · $2 status · $3 lineage · $4 revision · $5 fence · $6 turn · $7 schema version · $8 write ids · $9 log count
 * · $10 outcome · $11 state · $12 due · $13 game type · $14 player ids · $15 NPC · $16 rules · $17 started at, in ms
 * · $18 number of the first entry · $19 entries · $20 version of the rules · $21 metadata
 */
const recreateGame: Statement<{ id: string }> = {
  name: "recreate-game",
  writes: true,
  sql: (t) => `
    WITH created AS (
      INSERT INTO ${t.games} (
        id, status, lineage, revision, fence, turn_number, schema_version, write_ids, log_count, outcome, state, due_at,
        game_type, player_ids, npc_id, rules, started_at, last_action_at, rules_version, metadata, metadata_version)
      SELECT $1::uuid, $2::text, $3::bigint, $4::bigint, $5::bigint, $6::integer, $7::integer, $8::text, $9::bigint,
        $10::json, $11::text, $12::bigint, $13::text, $14::text[], $15::text, $16::text::json,
        to_timestamp($17::bigint / 1000.0), now(), $20::integer, $21::text,
        CASE WHEN $21::text IS NULL THEN 0 ELSE ${t.nextFence} END
      WHERE NOT EXISTS (SELECT FROM ${t.history} h WHERE h.game_id = $1::uuid)
      ON CONFLICT (id) DO NOTHING
      RETURNING id
    ), logged AS (
      INSERT INTO ${t.log} (game_id, seq, entry)
      SELECT created.id, $18::bigint + e.position - 1, e.entry
      FROM created, unnest($19::text[]) WITH ORDINALITY AS e (entry, position)
    )
    SELECT id FROM created`,
};

/** Makes the row of a copy that the store has lost; false if the id is or was in use. */
export async function recreate(
  db: Database,
  { origin, entries, metadata = null, ...copy }: CopyWithOrigin,
  options?: CallOptions,
): Promise<boolean> {
  const { gameId, version, outcome } = copy;
  assertGameId(gameId);
  const rows = await db.run(
    recreateGame,
    [
      gameId,
      copy.status,
      lineageOf(version),
      revisionOf(version),
      copy.fence,
      copy.turnNumber,
      copy.schemaVersion,
      copy.writeIds,
      copy.logCount,
      outcome && JSON.stringify(outcome),
      copy.state,
      copy.dueAt,
      origin.gameType,
      origin.playerIds,
      origin.npcId,
      origin.rules,
      origin.startedAt,
      copy.logCount - entries.length + 1,
      binaryTextArray(entries),
      origin.rulesVersion,
      metadata,
    ],
    options,
  );
  return rows.length > 0;
}
