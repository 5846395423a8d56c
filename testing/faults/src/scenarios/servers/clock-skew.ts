import { sleep, wallClockMs } from "../../clock.js";
import { cannotFakeClock, fakeClock } from "../../system/fake-clock.js";
import type { Scenario } from "../scenario.js";

const leastMs = 3_000_000;

/** Each store's own clock decides, and no server's. */
export const skewedServer: Scenario = {
  name: "clock-skew",
  title: "clock skew: a server is an hour off",
  checks: ["I5"],
  onDemand: true,
  spares: 0,
  cannotRun: cannotFakeClock,
  env: (chance) => fakeClock(chance.pick([-1, 1])),
  async inject(environment) {
    const offMs = Math.abs((await environment.site(0).service.now()) - wallClockMs());
    if (offMs < leastMs) throw new Error(`the clock is off by ${Math.round(offMs)} ms only`);
    environment.countFault();
    await sleep(1_500);
  },
};
