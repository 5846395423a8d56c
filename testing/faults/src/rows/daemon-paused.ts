import { setTimeout as delay } from "node:timers/promises";
import type { FaultRow } from "../fault-row.js";

/** All flushing is left to two daemons; the one with the lease stands still until long after it lost it. */
const daemonPaused = (name: string, pauseMs: number, onDemand: boolean): FaultRow => ({
  name,
  what: `daemon paused past its lease, ${pauseMs / 1_000} s`,
  checks: ["I2", "I3"],
  service: { flusher: false },
  workload: { writers: 4, readers: 2, games: 24 },
  onDemand,
  async inject(bed) {
    const daemons = [];
    for (const _ of [1, 2]) {
      const daemon = await bed.openDaemon({ leaseMs: 1_000 });
      daemons.push(daemon);
      await delay(300);
    }
    bed.injected();
    daemons[0]?.freeze();
    await delay(pauseMs);
    daemons[0]?.thaw();
    await delay(1_000);
  },
});

export const shortlyPausedDaemon = daemonPaused("daemon-paused", 5_000, false);
export const longPausedDaemon = daemonPaused("daemon-paused-30s", 30_000, true);
