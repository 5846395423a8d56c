import { testServers, uniqueName } from "@turnkeep/dev-services/testing";
import pg from "pg";

/** A schema and a key prefix of a test's own, on the servers of the test run. */
export interface ServerPlace {
  /** Where a server process finds them. */
  readonly environment: Record<string, string>;
  /** Drops the schema. */
  drop(): Promise<void>;
}

export function serverPlace(name: string): ServerPlace {
  const { databaseUrl, redisUrl } = testServers();
  const schema = uniqueName(name);
  return {
    environment: {
      DATABASE_URL: databaseUrl,
      DATABASE_SCHEMA: schema,
      REDIS_URL: redisUrl,
      REDIS_KEY_PREFIX: `${schema}:`,
    },
    async drop() {
      const client = new pg.Client({ connectionString: databaseUrl });
      await client.connect();
      await client.query(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`);
      await client.end();
    },
  };
}
