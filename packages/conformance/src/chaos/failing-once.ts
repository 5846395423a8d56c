import type { Operation } from "./intercept.js";
import { interceptable } from "./interceptable.js";
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
  const failing = interceptable(port);
  failing.on(operation, () => Promise.reject(error), 1);
  return failing.port;
}
