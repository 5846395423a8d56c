import type { Redis } from "ioredis";
import type pg from "pg";
import type { Gates } from "./gates.js";
import { type Moves, newMoves, type Server, withMove } from "./subject.js";

/**
 * The design that everybody writes first: the cache is SET blindly, the row is found and then saved, recovery
 * restores everything, everything has a time to live. It is here to be caught.
 */
export class NaiveServer implements Server {
  largestReply = 0;
  readonly #held = new Map<string, Moves>();

  constructor(
    readonly redis: Redis,
    readonly db: pg.Pool,
    readonly names: { prefix: string; schema: string; ttlMs: number },
    readonly gates: Gates,
  ) {}

  #key = (gameId: string) => `${this.names.prefix}game:${gameId}`;

  async #query<Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> {
    const { rows } = await this.db.query<Row>(sql.replaceAll("naive.", `"${this.names.schema}".`), values);
    this.largestReply = Math.max(this.largestReply, rows.length);
    return rows;
  }

  async #set(state: Moves, gameId = state.gameId) {
    await this.gates.at("fillCache");
    await this.redis.set(this.#key(gameId), JSON.stringify(state), "PX", this.names.ttlMs);
    this.#held.set(gameId, state);
  }

  async create(state: Moves) {
    await this.persist(state);
    await this.#set(state);
  }

  async load(gameId: string): Promise<Moves | null> {
    const cached = await this.redis.get(this.#key(gameId));
    if (cached !== null) {
      const state = JSON.parse(cached) as Moves;
      this.#held.set(gameId, state);
      return state;
    }
    const [row] = await this.#query<{ state: Moves }>("SELECT state FROM naive.games WHERE id = $1", [gameId]);
    if (!row) return null;
    await this.#set(row.state, gameId);
    return row.state;
  }

  async act(gameId: string, move: string) {
    const state = await this.load(gameId);
    if (!state) throw new Error("no such game");
    await this.#set(withMove(state, move));
  }

  async persist(state: Moves, facts: { rulesConfig?: object } = {}) {
    const rules = isEmpty(facts.rulesConfig) ? state.rules : facts.rulesConfig;
    const values = [state.gameId, JSON.stringify(state), JSON.stringify(rules)];
    const found = await this.#query("SELECT id FROM naive.games WHERE id = $1", [state.gameId]);
    if (found.length > 0) {
      await this.#query("UPDATE naive.games SET state = $2, rules = $3 WHERE id = $1", values);
    } else {
      await this.gates.at("createRow");
      await this.#query("INSERT INTO naive.games (id, state, rules) VALUES ($1, $2, $3)", values);
    }
  }

  async end(gameId: string) {
    const state = await this.load(gameId);
    await this.archive(gameId, state ?? newMoves(gameId));
  }

  async archive(gameId: string, state: Moves) {
    await this.#query("INSERT INTO naive.history (id, state) VALUES ($1, $2)", [gameId, JSON.stringify(state)]);
    await this.#query("DELETE FROM naive.games WHERE id = $1", [gameId]);
    await this.gates.at("clearCache");
    await this.redis.del(this.#key(gameId));
  }

  async archiveAndRollBack(gameId: string) {
    await this.redis.del(this.#key(gameId)); // inside the transaction, which then takes its statements back
  }

  async remove(gameId: string) {
    await this.redis.del(this.#key(gameId));
    await this.gates.at("deleteRow");
    await this.#query("DELETE FROM naive.games WHERE id = $1", [gameId]);
  }

  async evict(gameId: string) {
    await this.redis.del(this.#key(gameId));
  }

  async recover() {
    for (const row of await this.#query<{ state: Moves }>("SELECT state FROM naive.games")) await this.#set(row.state);
  }

  async count() {
    return (await this.#query("SELECT * FROM naive.games")).length;
  }

  async flushLeftovers() {} // it has no flusher
}

// The classic `rulesConfig || default`, for a language in which {} is falsy.
const isEmpty = (rules: object | undefined) => !rules || Object.keys(rules).length === 0;
