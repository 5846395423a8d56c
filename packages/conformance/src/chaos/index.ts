export { alwaysFailing } from "./always-failing.js";
export { delayed } from "./delayed.js";
export { failingOnce } from "./failing-once.js";
export { away, busy, type Fault, followedBy, loseReply, precededBy } from "./faults.js";
export { createGate, type Gate } from "./gate.js";
export {
  type Around,
  type Interceptor,
  type Interceptors,
  intercept,
  interceptAll,
  type Operation,
} from "./intercept.js";
export { type Interceptable, interceptable } from "./interceptable.js";
export { losingReply } from "./losing-reply.js";
export { type Paused, pausedAt } from "./paused-at.js";
export { type Step, withSteps } from "./with-steps.js";
