import type { Redis } from "ioredis";
import type pg from "pg";

/**
 * Who is measured. `control` is the limit once more: what it differs from the limit is noise. `every` and `turns` are
 * Turnkeep with `validateWrites` set so, `turnkeep` is Turnkeep where nothing is validated by a schema.
 */
export const contenderNames = ["limit", "control", "naive", "turnkeep", "every", "turns"] as const;
export type ContenderName = (typeof contenderNames)[number];

/** Where the games of one case are kept. */
export interface Site {
  /** To look after the servers: no contender works with these two connections. */
  readonly cache: Redis;
  readonly db: pg.Pool;
  readonly redisUrl: string;
  readonly databaseUrl: string;
  readonly schema: string;
  readonly compression: "lz4" | "pglz";
}
