import type { JsonValue } from "@turnkeep/core";
import { Redis } from "ioredis";
import pg from "pg";
import { dirtyKeys, gameKeys } from "../run/redis-keys.js";
import type { MatchStores } from "../run/stores.js";
import type { HistoryRow, StoredEvidence } from "./evidence.js";

/** The stores as the checker looks at them: directly, past everything that the server and the packages say. */
export class Witness {
  readonly #redis: Redis;
  readonly #pool: pg.Pool;
  readonly #keyPrefix: string;
  readonly #schema: string;

  private constructor(stores: MatchStores) {
    this.#redis = new Redis(stores.redisUrl, { lazyConnect: true });
    this.#pool = new pg.Pool({ connectionString: stores.databaseUrl, max: 1 });
    // A connection may hear of Postgres's end before it has ended itself.
    this.#pool.on("connect", (client) => void client.on("error", () => {}));
    this.#pool.on("error", () => {});
    this.#keyPrefix = stores.keyPrefix;
    this.#schema = `"${stores.schema}"`;
  }

  static async open(stores: MatchStores): Promise<Witness> {
    const witness = new Witness(stores);
    await witness.#redis.connect();
    return witness;
  }

  async close(): Promise<void> {
    this.#redis.disconnect();
    await this.#pool.end();
  }

  /** What is not in history yet: active rows, and keys in Redis. */
  async leftovers(): Promise<Omit<StoredEvidence, "history">> {
    const active = await this.#query<{ id: string }>(
      "SELECT id FROM $schema.active_games WHERE status IN ('live', 'ended', 'quarantined') ORDER BY id",
    );
    const [log] = await this.#query<{ rows: number }>("SELECT count(*)::integer AS rows FROM $schema.game_log");
    const redisKeys: string[] = [];
    for (const key of await gameKeys(this.#redis, this.#keyPrefix)) {
      if (!(await this.#isLoadToken(key))) redisKeys.push(key);
    }
    let dirtyGames = 0;
    for (const key of await dirtyKeys(this.#redis, this.#keyPrefix)) dirtyGames += await this.#redis.zcard(key);
    return { activeRows: active.map(({ id }) => id), logRows: log?.rows ?? 0, redisKeys, dirtyGames };
  }

  /**
   * A load that was cut short, by a kill or because nobody wanted its game any more, leaves a header with nothing
   * but its token, which expires within a minute. That is no copy of a game.
   */
  async #isLoadToken(key: string): Promise<boolean> {
    if (!key.endsWith("}:m")) return false;
    const [fields, ttl] = [await this.#redis.hkeys(key), await this.#redis.pttl(key)];
    return fields.every((field) => field === "tok" || field === "tgen") && ttl >= 0;
  }

  async historyCount(): Promise<number> {
    const [counted] = await this.#query<{ rows: number }>("SELECT count(*)::integer AS rows FROM $schema.game_history");
    return counted?.rows ?? 0;
  }

  /** `->` on a column of type json gives the very bytes of that part. */
  async history(): Promise<readonly HistoryRow[]> {
    const rows = await this.#query<Omit<HistoryRow, "log"> & { log: string }>(`
      SELECT game_id AS "gameId", incomplete,
             (replay_data -> 'initialState')::text AS "initialState",
             (replay_data -> 'log')::text AS log,
             (replay_data -> 'finalState')::text AS "finalState"
        FROM $schema.game_history ORDER BY game_id`);
    return rows.map(({ log, ...row }) => ({ ...row, log: JSON.parse(log) as readonly JsonValue[] }));
  }

  async #query<Row extends object>(sql: string): Promise<readonly Row[]> {
    return (await this.#pool.query<Row>(sql.replaceAll("$schema", this.#schema))).rows;
  }
}
