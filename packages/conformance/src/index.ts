export { awkwardTexts, bigState } from "./awkward-texts.js";
export { cacheConformance } from "./cache/cache-conformance.js";
export type { CacheUnderTest } from "./cache/cache-under-test.js";
export * from "./chaos/index.js";
export * as fixtures from "./fixtures.js";
export { storeConformance } from "./store/store-conformance.js";
export type { StoreUnderTest } from "./store/store-under-test.js";
