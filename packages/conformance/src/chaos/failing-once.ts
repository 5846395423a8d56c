import { interceptAll, type Operation } from "./intercept.js";
import { unavailable } from "./unavailable.js";

/**
 * The port whose next call of this operation is not made and fails; later ones work.
 * @param error default: CacheUnavailable or StoreUnavailable, `notDone`
 */
export function failingOnce<Port extends object>(
  port: Port,
  operation: Operation<Port>,
  error: Error = unavailable(port, "notDone"),
): Port {
  let failed = false;
  return interceptAll(port, (called, call) => {
    if (called !== operation || failed) return call();
    failed = true;
    return Promise.reject(error);
  });
}
