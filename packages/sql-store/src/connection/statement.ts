import { createHash } from "node:crypto";
import pg from "pg";
import type { Tables } from "../schema/tables.js";

/** A bound value. A Buffer is sent in Postgres's binary form, everything else as text. */
export type SqlValue = string | number | boolean | null | Buffer | readonly (string | number | boolean | null)[];

/** One atomic statement with a name. `Row` is what it returns; every 64-bit number and time comes as text. */
export interface Statement<Row = never> {
  readonly name: string;
  /** Whether it may change something: then a lost reply leaves its fate unknown. */
  readonly writes: boolean;
  /** It keeps nothing that a caller brings: a constraint that refuses it is the store's own trouble, not bad input. */
  readonly keepsOwnOnly?: true;
  readonly sql: (tables: Tables) => string;
  /** Never set; carries the row's type. */
  readonly row?: Row;
}

const oids = pg.types.builtins;

/** How results are read, no matter what the application has set in pg or Sequelize for itself. */
const types = {
  getTypeParser(oid: number): (text: string) => unknown {
    if (oid === oids.BOOL) return (text) => text === "t";
    if (oid === oids.INT2 || oid === oids.INT4) return Number;
    return (text) => text;
  },
};

export interface CompiledStatement {
  readonly text: string;
  readonly types: typeof types;
  readonly name?: string;
}

/** Statements with the tables' names put in, made once each. Prepared names hold a hash, so that schemas do not clash. */
export class StatementBook {
  readonly #tables: Tables;
  readonly #prepared: boolean;
  readonly #compiled = new Map<Statement<unknown>, CompiledStatement>();

  constructor(tables: Tables, prepared: boolean) {
    this.#tables = tables;
    this.#prepared = prepared;
  }

  get(statement: Statement<unknown>): CompiledStatement {
    const known = this.#compiled.get(statement);
    if (known) return known;
    const text = statement.sql(this.#tables);
    const hash = createHash("sha256").update(text).digest("hex").slice(0, 12);
    const compiled = this.#prepared ? { text, types, name: `turnkeep ${statement.name} ${hash}` } : { text, types };
    this.#compiled.set(statement, compiled);
    return compiled;
  }
}
