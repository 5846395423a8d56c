import type { WriteFate } from "@turnkeep/core";
import { QueryTypes, type Sequelize, Transaction } from "sequelize";
import type { Umzug } from "umzug";
import { namingMisconfiguration, sqlStateOf, translateError } from "../errors.js";
import { type MigrationContext, migrations } from "./migrations.js";
import type { Tables } from "./tables.js";

export interface RollbackOptions {
  /** The last migration to take back, by name, or 0 for all; default: only the newest. */
  readonly to?: string | 0;
}

export interface MigrationStatus {
  readonly name: string;
  readonly isApplied: boolean;
}

export interface PlannedMigration {
  readonly name: string;
  /** SQL, as it would run. */
  readonly statements: readonly string[];
}

/**
 * Brings the schema forward and back. Each call is one transaction that holds a lock to its end, so that any number
 * of processes may migrate at once: the first does the work, the others find it done.
 */
export class Migrator {
  readonly #sequelize: Sequelize;
  readonly #tables: Tables;

  constructor(sequelize: Sequelize, tables: Tables) {
    this.#sequelize = sequelize;
    this.#tables = tables;
  }

  /**
   * Applies what is missing; returns the names. Where nothing is, it needs no right but to read which are applied.
   * @throws Misconfigured; StoreUnavailable: nothing was changed, or all of it
   */
  async up(): Promise<readonly string[]> {
    if ((await this.pending()).length === 0) return [];
    return this.#alone(async (umzug) => (await umzug.up()).map(({ name }) => name));
  }

  /** Takes the newest migration back, or more, with the data in its tables; returns the names. */
  down({ to }: RollbackOptions = {}): Promise<readonly string[]> {
    return this.#alone(async (umzug) => (await umzug.down(to === undefined ? {} : { to })).map(({ name }) => name));
  }

  /** Names of migrations that are not applied yet; changes nothing and waits for no other process. */
  async pending(): Promise<readonly string[]> {
    try {
      const applied = await this.#applied();
      return migrations.map(({ name }) => name).filter((name) => !applied.includes(name));
    } catch (error) {
      if (/^(42P01|3F000)$/.test(sqlStateOf(error) ?? "")) return migrations.map(({ name }) => name);
      throw namingMisconfiguration(translateError(error, "notDone"));
    }
  }

  /** All steps of the schema, in order, and which of them are applied. */
  async status(): Promise<readonly MigrationStatus[]> {
    const pending = await this.pending();
    return migrations.map(({ name }) => ({ name, isApplied: !pending.includes(name) }));
  }

  /** The statements that `up()` would run, in order, with those of its own record. Asks the server, changes nothing. */
  async plan(): Promise<readonly PlannedMigration[]> {
    const pending = await this.pending();
    const planned: PlannedMigration[] = [];
    let statements: string[] = [];
    const run = async (sql: string) => {
      if (/^\s*SELECT/i.test(sql)) return (await this.#sequelize.query(sql, { raw: true }))[0] as readonly object[];
      statements.push(sql);
      return [];
    };
    if (pending.length > 0) await this.#makeLedger(run);
    for (const { name, up } of migrations.filter((migration) => pending.includes(migration.name))) {
      await up({ tables: this.#tables, run });
      await run(`INSERT INTO ${this.#tables.migrations} (name) VALUES ('${name}')`);
      planned.push({ name, statements });
      statements = [];
    }
    return planned;
  }

  async #alone<T>(work: (umzug: Umzug<MigrationContext>) => Promise<T>): Promise<T> {
    const { schema } = this.#tables;
    let fate: WriteFate = "notDone";
    try {
      return await this.#sequelize.transaction(
        { isolationLevel: Transaction.ISOLATION_LEVELS.READ_COMMITTED },
        async (transaction) => {
          const run = async (sql: string) =>
            (await this.#sequelize.query(sql, { transaction, raw: true }))[0] as readonly object[];
          await run("SET LOCAL statement_timeout = 0");
          await run("SET LOCAL lock_timeout = 0");
          await run(`SELECT pg_advisory_xact_lock(hashtextextended('turnkeep migrations of ${schema}', 0))`);
          await this.#makeLedger(run);
          const result = await work(await this.#umzug({ tables: this.#tables, run }, transaction));
          fate = "unknown"; // from here on the commit is under way
          return result;
        },
      );
    } catch (error) {
      const cause = error instanceof Error && error.name === "MigrationError" ? error.cause : error;
      throw namingMisconfiguration(translateError(cause, fate));
    }
  }

  /** Asks first, since IF NOT EXISTS needs the right to create even if there is nothing to create. */
  async #makeLedger(run: MigrationContext["run"]): Promise<void> {
    const { schema, migrations: ledger } = this.#tables;
    const schemas = await run(`SELECT FROM pg_namespace WHERE nspname = '${schema}'`);
    if (schemas.length === 0) await run(`CREATE SCHEMA "${schema}"`);
    const ledgers = await run(`SELECT WHERE to_regclass('${ledger}') IS NOT NULL`);
    if (ledgers.length > 0) return;
    await run(`CREATE TABLE ${ledger} (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())`);
  }

  async #umzug(context: MigrationContext, transaction: Transaction): Promise<Umzug<MigrationContext>> {
    // Loaded only where there is something to migrate: it would be a fifth of what a start of a program loads.
    const { Umzug } = await import("umzug");
    const { migrations: ledger } = this.#tables;
    const record = async (sql: string, name: string) => {
      await this.#sequelize.query(sql, { bind: [name], transaction });
    };
    return new Umzug({
      migrations: migrations.map(({ name, up, down }) => ({ name, up: () => up(context), down: () => down(context) })),
      context,
      logger: undefined,
      storage: {
        logMigration: ({ name }) => record(`INSERT INTO ${ledger} (name) VALUES ($1)`, name),
        unlogMigration: ({ name }) => record(`DELETE FROM ${ledger} WHERE name = $1`, name),
        executed: () => this.#applied(transaction),
      },
    });
  }

  async #applied(transaction?: Transaction): Promise<string[]> {
    const rows = await this.#sequelize.query<{ name: string }>(
      `SELECT name FROM ${this.#tables.migrations} ORDER BY name`,
      { type: QueryTypes.SELECT, transaction: transaction ?? null },
    );
    return rows.map(({ name }) => name);
  }
}
