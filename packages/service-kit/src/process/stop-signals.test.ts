import { EventEmitter } from "node:events";
import { expect, test, vi } from "vitest";
import { stopSignals } from "./stop-signals.js";

test("the first signal asks to stop, the second ends the process at once", () => {
  const source = new EventEmitter();
  const exit = vi.fn();
  const signal = stopSignals(source, exit);
  expect(signal.aborted).toBe(false);
  source.emit("SIGTERM");
  expect(signal.aborted).toBe(true);
  expect(exit).not.toHaveBeenCalled();
  source.emit("SIGINT");
  expect(exit).toHaveBeenCalledWith(130);
});
