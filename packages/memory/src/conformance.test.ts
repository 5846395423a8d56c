import { cacheConformance, storeConformance } from "@turnkeep/conformance";
import { createCacheSpace, createMemoryCache, createMemoryStore, createStoreSpace } from "./index.js";

const cacheSpace = createCacheSpace();
const storeSpace = createStoreSpace();

cacheConformance({
  name: "memory",
  createCache: () => createMemoryCache({ space: cacheSpace }),
  makeUnverified: async (gameId) => cacheSpace.makeUnverified(gameId),
  changeEpoch: async () => cacheSpace.failover(),
  lifetimeMs: async (gameId) => cacheSpace.lifetimeMs(gameId) ?? null,
  dropMark: async (gameId) => void cacheSpace.dueAt.delete(gameId),
  dropCopy: async (gameId) => cacheSpace.forget(gameId),
});

storeConformance({
  name: "memory",
  createStore: () => createMemoryStore({ space: storeSpace }),
  transaction: (work) => storeSpace.transaction(work),
});
