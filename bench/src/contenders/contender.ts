import type { Redis } from "ioredis";
import type pg from "pg";

/**
 * Who is measured. `control` is the limit once more: what it differs from the limit is noise. `copy` is a second limit,
 * of recovery alone: a COPY straight to the socket of Redis. `every` and `turns` are
 * Turnkeep with `validateWrites` set so, `turnkeep` is Turnkeep where nothing is validated by a schema.
 */
export const contenderNames = ["limit", "control", "copy", "naive", "turnkeep", "every", "turns"] as const;
export type ContenderName = (typeof contenderNames)[number];

/** Where the games of one case are kept. */
export interface Address {
  readonly redisUrl: string;
  readonly databaseUrl: string;
  readonly schema: string;
  readonly compression: "lz4" | "pglz";
}

/** The same, with connections to look after the servers: no contender works with these. */
export interface Site extends Address {
  readonly cache: Redis;
  readonly db: pg.Pool;
}
