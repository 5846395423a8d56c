import { interceptAll, type Operation } from "./intercept.js";
import { unavailable } from "./unavailable.js";

/**
 * The port whose next calls of this operation are made, but the caller learns nothing of them: CacheUnavailable or
 * StoreUnavailable, `unknown`.
 * @param times how many replies are lost; default one
 */
export function losingReply<Port extends object>(port: Port, operation: Operation<Port>, times = 1): Port {
  let left = times;
  return interceptAll(port, async (called, call) => {
    if (called !== operation || left <= 0) return call();
    left -= 1;
    await call();
    throw unavailable(port, "unknown");
  });
}
