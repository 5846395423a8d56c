import { setTimeout as sleep } from "node:timers/promises";
import type { Gate } from "./gate.js";
import { interceptAll } from "./intercept.js";

/**
 * The port on a slow network: every call begins later.
 * @param delay how much later, in ms; or the gate that lets all calls go
 */
export function delayed<Port extends object>(port: Port, delay: number | Gate): Port {
  return interceptAll(port, async (_operation, call) => {
    await (typeof delay === "number" ? sleep(delay) : delay.opened);
    return call();
  });
}
