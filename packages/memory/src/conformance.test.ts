import { cacheConformance } from "@turnkeep/conformance";
import { createCacheSpace, createMemoryCache } from "./index.js";

const space = createCacheSpace();

cacheConformance({
  name: "memory",
  createCache: () => createMemoryCache({ space }),
  makeSuspect: async (gameId) => space.makeSuspect(gameId),
  changeStamp: async () => space.failover(),
  lifetimeMs: async (gameId) => space.lifetimeMs(gameId) ?? null,
  dropMark: async (gameId) => void space.dueAt.delete(gameId),
  dropCopy: async (gameId) => space.forget(gameId),
});
