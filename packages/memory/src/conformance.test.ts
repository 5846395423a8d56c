import { cacheConformance, storeConformance } from "@turnkeep/conformance";
import { createVirtualRuntime } from "@turnkeep/core/virtual-runtime";
import { createCacheSpace, createMemoryCache, createMemoryStore, createStoreSpace } from "./index.js";

const runtime = createVirtualRuntime();
const cacheSpace = createCacheSpace({ runtime });
const storeSpace = createStoreSpace({ runtime });
const passTime = (ms: number) => runtime.advance(ms);

cacheConformance({
  name: "memory",
  createCache: () => createMemoryCache({ space: cacheSpace }),
  makeUnverified: async (gameId) => cacheSpace.makeUnverified(gameId),
  changeEpoch: async () => cacheSpace.failover(),
  flushAll: async () => cacheSpace.flushAll(),
  lifetimeMs: async (gameId) => cacheSpace.lifetimeMs(gameId) ?? null,
  dropMark: async (gameId) => void cacheSpace.dueAt.delete(gameId),
  dropCopy: async (gameId) => cacheSpace.forget(gameId),
  passTime,
});

storeConformance({
  name: "memory",
  createStore: () => createMemoryStore({ space: storeSpace }),
  transaction: (work) => storeSpace.transaction(work),
  passTime,
});
