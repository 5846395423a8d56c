/**
 * Who is measured. `control` is the limit once more: what it differs from the limit is noise. `every` and `turns` are
 * Turnkeep with `validateWrites` set so.
 */
export const contenderNames = ["limit", "control", "naive", "every", "turns"] as const;
export type ContenderName = (typeof contenderNames)[number];

/** Where the games of one row are kept. */
export interface Site {
  readonly redisUrl: string;
  readonly databaseUrl: string;
  readonly schema: string;
  readonly compression: "lz4" | "pglz";
}
