import { sleep } from "../../clock.js";
import type { Scenario } from "../scenario.js";

/** Two daemons do all flushing. The one that holds the lease is stopped until long after it has lost it. */
const daemonPaused = (name: string, pauseMs: number, onDemand: boolean): Scenario => ({
  name,
  title: `daemon paused past its lease, ${pauseMs / 1_000} s`,
  checks: ["I2", "I3"],
  service: { flusher: false },
  workload: { writers: 4, readers: 2, games: 24 },
  onDemand,
  async inject(environment) {
    const daemons = [];
    for (const _ of [1, 2]) {
      const daemon = await environment.openDaemon({ leaseMs: 1_000 });
      daemons.push(daemon);
      await sleep(300);
    }
    environment.countFault();
    daemons[0]?.freeze();
    await sleep(pauseMs);
    daemons[0]?.thaw();
    await sleep(1_000);
  },
});

export const shortlyPausedDaemon = daemonPaused("daemon-paused", 5_000, false);
export const longPausedDaemon = daemonPaused("daemon-paused-30s", 30_000, true);
