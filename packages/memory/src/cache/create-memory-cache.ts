import type { Runtime } from "@turnkeep/core";
import * as z from "zod";
import { parseOptions } from "../parse-options.js";
import { CacheSpace } from "./cache-space.js";
import { type MemoryCache, openMemoryCache } from "./memory-cache.js";

/** What can be set on a memory cache. */
export const memoryCacheOptionsSchema = z
  .strictObject({
    space: z.instanceof(CacheSpace).optional().describe("what this cache shares with others; default: one of its own"),
    ttlMs: z
      .int()
      .min(1)
      .default(24 * 3_600_000)
      .describe("how long a clean copy stays after its last flush or load"),
    tokenTtlMs: z.int().min(1).default(60_000).describe("how long a load of a game without a copy may take"),
    runtime: z
      .custom<Runtime>((value) => typeof value === "object" && value !== null, "is not a runtime")
      .optional()
      .describe("clock and ids of a space of its own; default systemRuntime"),
  })
  .refine(({ space, runtime }) => space === undefined || runtime === undefined, "a space brings its own runtime")
  .readonly();

export type MemoryCacheOptions = z.input<typeof memoryCacheOptionsSchema>;

/**
 * The cache port within one process. What it holds ends with the process.
 * @throws InvalidInput for options that are unsound
 * @example
 * const space = createCacheSpace();
 * const [one, other] = [createMemoryCache({ space }), createMemoryCache({ space })];
 */
export function createMemoryCache(options: MemoryCacheOptions = {}): MemoryCache {
  const { space, ttlMs, tokenTtlMs, runtime } = parseOptions(memoryCacheOptionsSchema, options, "memory cache");
  return openMemoryCache({ space: space ?? new CacheSpace({ runtime }), ttlMs, tokenTtlMs });
}
