import type { CancelTimer, Runtime } from "@turnkeep/core";

/** Runs the work again and again, so many ms apart, until the returned function is called; keeps no process alive. */
export function repeat(runtime: Pick<Runtime, "schedule">, everyMs: number, work: () => void): CancelTimer {
  let cancel: CancelTimer;
  const scheduleNext = () => {
    cancel = runtime.schedule(
      () => {
        scheduleNext();
        work();
      },
      everyMs,
      { keepAlive: false },
    );
  };
  scheduleNext();
  return () => cancel();
}
