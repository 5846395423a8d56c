import type { Runtime } from "@turnkeep/core";
import * as z from "zod";
import { parseOptions } from "../parse-options.js";
import { type MemoryStore, openMemoryStore } from "./memory-store.js";
import { StoreSpace } from "./store-space.js";

/** What can be set on a memory store. */
export const memoryStoreOptionsSchema = z
  .strictObject({
    space: z.instanceof(StoreSpace).optional().describe("what this store shares with others; default: one of its own"),
    runtime: z
      .custom<Runtime>((value) => typeof value === "object" && value !== null, "is not a runtime")
      .optional()
      .describe("clock and ids of a space of its own; default systemRuntime"),
  })
  .refine(({ space, runtime }) => space === undefined || runtime === undefined, "a space brings its own runtime")
  .readonly();

export type MemoryStoreOptions = z.input<typeof memoryStoreOptionsSchema>;

/**
 * The store port within one process. What it holds ends with the process, so nothing in it is durable.
 * @throws InvalidInput for options that are unsound
 * @example
 * const store = createMemoryStore();
 * await store.start();
 * await store.transaction(async (transaction) => store.remove(gameId, { transaction }));
 */
export function createMemoryStore(options: MemoryStoreOptions = {}): MemoryStore {
  const { space, runtime } = parseOptions(memoryStoreOptionsSchema, options, "memory store");
  return openMemoryStore(space ?? new StoreSpace({ runtime }));
}
