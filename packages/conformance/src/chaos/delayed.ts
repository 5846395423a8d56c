import { sleep, systemRuntime } from "@turnkeep/core";
import type { Gate } from "./gate.js";
import { interceptAll } from "./intercept.js";

/**
 * The port on a slow network: every call begins later.
 * @param delay how much later, in ms; or the gate that lets all calls go
 * @param runtime whose timers measure the delay; default the system's
 */
export function delayed<Port extends object>(port: Port, delay: number | Gate, runtime = systemRuntime): Port {
  return interceptAll(port, async (_operation, call) => {
    await (typeof delay === "number" ? sleep(runtime, delay) : delay.opened);
    return call();
  });
}
