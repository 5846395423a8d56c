import { setTimeout as delay } from "node:timers/promises";
import { cannotFakeClock, fakeClock } from "../fake-clock.js";
import type { FaultRow } from "../fault-row.js";

const leastMs = 3_000_000;

/** Each store's own clock decides; nothing hangs on that of a server. */
export const skewedServer: FaultRow = {
  name: "clock-skew",
  what: "clock skew: a server is an hour off",
  checks: ["I5"],
  onDemand: true,
  spares: 0,
  cannotRun: cannotFakeClock,
  env: (chance) => fakeClock(chance.pick([-1, 1])),
  async inject(bed) {
    const offMs = Math.abs((await bed.place(0).service.now()) - Date.now());
    if (offMs < leastMs) throw new Error(`the clock is off by ${Math.round(offMs)} ms only`);
    bed.injected();
    await delay(1_500);
  },
};
