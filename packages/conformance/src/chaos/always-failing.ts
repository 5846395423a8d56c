import { interceptAll } from "./intercept.js";
import { unavailable } from "./unavailable.js";

/**
 * The port as if its server were away: no call is made, every one fails.
 * @param error default: CacheUnavailable or StoreUnavailable, `notDone`
 */
export function alwaysFailing<Port extends object>(port: Port, error: Error = unavailable(port, "notDone")): Port {
  return interceptAll(port, () => Promise.reject(error));
}
