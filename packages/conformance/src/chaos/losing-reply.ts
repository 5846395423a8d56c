import { interceptAll, type Verb } from "./intercept.js";
import { unavailable } from "./unavailable.js";

/**
 * The port whose next calls of this verb are made, but the caller learns nothing of them: CacheUnavailable or
 * StoreUnavailable, `unknown`.
 * @param times how many replies are lost; default one
 */
export function losingReply<Port extends object>(port: Port, verb: Verb<Port>, times = 1): Port {
  let left = times;
  return interceptAll(port, async (called, call) => {
    if (called !== verb || left <= 0) return call();
    left -= 1;
    await call();
    throw unavailable(port, "unknown");
  });
}
