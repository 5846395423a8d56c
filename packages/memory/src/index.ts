export type { CacheSnapshot, CacheSpace, CacheSpaceOptions } from "./cache/cache-space.js";
export { createCacheSpace } from "./cache/cache-space.js";
export { createMemoryCache, type MemoryCacheOptions } from "./cache/create-memory-cache.js";
export type { MemoryCache } from "./cache/memory-cache.js";
export { createMemoryStore, type MemoryStoreOptions } from "./store/create-memory-store.js";
export type { MemoryStore } from "./store/memory-store.js";
export type { StoreSpace, StoreSpaceOptions } from "./store/store-space.js";
export { createStoreSpace } from "./store/store-space.js";
export type { MemoryTransaction } from "./store/transaction.js";
