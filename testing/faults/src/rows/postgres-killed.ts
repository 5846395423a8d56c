import { setTimeout as delay } from "node:timers/promises";
import type { FaultRow } from "../fault-row.js";

export const postgresKilled: FaultRow = {
  name: "postgres-killed",
  what: "Postgres killed",
  checks: ["I1", "I5"],
  async inject(bed, chance) {
    bed.injected();
    await bed.postgres.kill();
    await delay(300 + chance.below(500));
    await bed.postgres.restart();
  },
};
