import { sleep } from "../../clock.js";
import type { Scenario } from "../scenario.js";

/** The other servers flush and archive what it left. */
export const serverKilled: Scenario = {
  name: "server-killed",
  title: "servers killed",
  checks: ["I1", "I4", "I5"],
  spares: 2,
  async inject(environment, chance) {
    for (let n = 0; n < 2; n++) {
      await environment.killAndReplace(environment.site(0));
      await sleep(200 + chance.below(300));
    }
  },
};
