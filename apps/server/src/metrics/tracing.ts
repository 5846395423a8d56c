import { trace } from "@opentelemetry/api";
import type { TracingOptions } from "@turnkeep/manager";
import type { Config } from "../config.js";

export type TracedConfig = Pick<Config, "traces" | "databaseUrl" | "databaseSchema" | "redisUrl">;

/** Where an action's spans lead: `database|schema` of Postgres, and the number of a single Redis's database. */
export function tracingOf({ traces, databaseUrl, databaseSchema, redisUrl }: TracedConfig): TracingOptions | undefined {
  if (!traces) return undefined;
  const database = URL.canParse(databaseUrl) ? decodeURIComponent(new URL(databaseUrl).pathname.slice(1)) : "";
  const [, index = "0"] = /^rediss?:\/\/[^/]*\/(\d+)/.exec(redisUrl) ?? [];
  return {
    trace,
    store: { "db.namespace": [database, databaseSchema].filter(Boolean).join("|") },
    cache: { "db.namespace": index },
  };
}
