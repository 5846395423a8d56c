import type { Migration } from "./migration.js";

/** Leases by which daemons share their work; times are Postgres's. */
export const leases: Migration = {
  name: "0003-leases",
  async up({ run, tables: t }) {
    await run(`
      CREATE TABLE ${t.leases} (
        name text PRIMARY KEY,
        holder text NOT NULL,
        expires_at timestamptz NOT NULL
      )`);
  },
  async down({ run, tables: t }) {
    await run(`DROP TABLE ${t.leases}`);
  },
};
