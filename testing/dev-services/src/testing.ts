import { randomBytes } from "node:crypto";
import { inject } from "vitest";
import type {} from "./provided-context.js";

export interface TestServers {
  readonly databaseUrl: string;
  readonly redisUrl: string;
}

/** The servers of this test run, started once for all files. Each file uses its own schema and key prefix in them. */
export const testServers = (): TestServers => ({ databaseUrl: inject("databaseUrl"), redisUrl: inject("redisUrl") });

/** A fresh lower-case name that serves as a Postgres schema and as a Redis key prefix. */
export const uniqueName = (prefix: string): string => `${prefix}_${randomBytes(6).toString("hex")}`;
