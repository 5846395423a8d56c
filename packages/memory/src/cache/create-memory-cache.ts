import * as z from "zod";
import { parseOptions } from "../parse-options.js";
import { CacheSpace } from "./cache-space.js";
import { MemoryCache } from "./memory-cache.js";

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
    now: z
      .custom<() => number>((value) => typeof value === "function", "is not a function")
      .optional()
      .describe("the clock of a space of its own, in ms since the epoch; default Date.now"),
  })
  .refine(({ space, now }) => space === undefined || now === undefined, "a space brings its own clock")
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
  const { space, ttlMs, tokenTtlMs, now } = parseOptions(memoryCacheOptionsSchema, options, "memory cache");
  return new MemoryCache(space ?? new CacheSpace({ now }), { ttlMs, tokenTtlMs });
}
