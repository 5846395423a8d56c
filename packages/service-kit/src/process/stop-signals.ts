import type { EventEmitter } from "node:events";

/**
 * Fires at the first SIGTERM or SIGINT; a second one ends the process at once.
 * @param exit called with the status by which shells know the signal
 */
export function stopSignals(
  source: Pick<EventEmitter, "on"> = process,
  exit: (status: number) => void = (status) => process.exit(status),
): AbortSignal {
  const controller = new AbortController();
  for (const [name, number] of [
    ["SIGINT", 2],
    ["SIGTERM", 15],
  ] as const) {
    source.on(name, () => {
      if (controller.signal.aborted) exit(128 + number);
      else controller.abort();
    });
  }
  return controller.signal;
}
