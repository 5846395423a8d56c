import { sleep } from "../../clock.js";
import type { Scenario } from "../scenario.js";

export const postgresKilled: Scenario = {
  name: "postgres-killed",
  title: "Postgres killed",
  checks: ["I1", "I5"],
  async inject(environment, chance) {
    environment.countFault();
    await environment.postgres.kill();
    await sleep(300 + chance.below(500));
    await environment.postgres.restart();
  },
};
