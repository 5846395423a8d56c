import { loseReply } from "./faults.js";
import type { Operation } from "./intercept.js";
import { interceptable } from "./interceptable.js";

/**
 * The port whose next calls of this operation are made, but the caller learns nothing of them: CacheUnavailable or
 * StoreUnavailable, `unknown`.
 * @param times how many replies are lost; default one
 */
export function losingReply<Port extends object>(port: Port, operation: Operation<Port>, times = 1): Port {
  const losing = interceptable(port);
  losing.on(operation, loseReply(), times);
  return losing.port;
}
