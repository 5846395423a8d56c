export { awkwardTexts, bigState } from "./awkward-texts.js";
export { cacheConformance } from "./cache/cache-conformance.js";
export type { CacheUnderTest } from "./cache/cache-under-test.js";
export { alwaysFailing } from "./chaos/always-failing.js";
export { delayed } from "./chaos/delayed.js";
export { failingOnce } from "./chaos/failing-once.js";
export { away, busy, type Fault, followedBy, loseReply, precededBy } from "./chaos/faults.js";
export { createGate, type Gate } from "./chaos/gate.js";
export {
  type Around,
  type Interceptor,
  type Interceptors,
  intercept,
  interceptAll,
  type Operation,
} from "./chaos/intercept.js";
export { type Interceptable, interceptable } from "./chaos/interceptable.js";
export { losingReply } from "./chaos/losing-reply.js";
export { type Paused, pausedAt } from "./chaos/paused-at.js";
export { type Step, withSteps } from "./chaos/with-steps.js";
export * as fixtures from "./fixtures.js";
export { storeConformance } from "./store/store-conformance.js";
export type { StoreUnderTest } from "./store/store-under-test.js";
