import { execFile } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { patienceMs } from "@turnkeep/dev-services";
import type { FaultRow } from "../fault-row.js";

const run = promisify(execFile);
const size = "160m";

async function smallDisk() {
  const folder = mkdtempSync(join(tmpdir(), "turnkeep-faults-disk-"));
  await run("mount", ["-t", "tmpfs", "-o", `size=${size},mode=0755`, "tmpfs", folder]);
  return {
    folder,
    remove: async () => {
      await run("umount", [folder]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Takes all that is left of the disk. */
function fill(folder: string): string {
  const ballast = join(folder, "ballast");
  const file = openSync(ballast, "w");
  try {
    for (const bytes of [1 << 20, 4_096]) {
      const block = Buffer.alloc(bytes);
      try {
        for (;;) writeSync(file, block);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
      }
    }
  } finally {
    closeSync(file);
  }
  return ballast;
}

/** Postgres may refuse, or end itself where it cannot write its journal; play goes on within its bounds. */
export const diskFull: FaultRow = {
  name: "disk-full",
  what: "Postgres's disk full",
  checks: ["I1", "I5"],
  onDemand: true,
  drainsWithinMs: 15_000,
  async cannotRun() {
    try {
      await (await smallDisk()).remove();
      return null;
    } catch {
      return "it may mount no small disk";
    }
  },
  async ownPostgres() {
    const { folder, remove } = await smallDisk();
    // Journal files are made as they are needed, so that a full disk is felt soon.
    const settings = { min_wal_size: "32MB", max_wal_size: "48MB", wal_recycle: "off" };
    return { options: { folder, settings }, remove };
  },
  async inject(bed) {
    const { dataDir } = bed.postgres;
    bed.injected();
    const ballast = fill(join(dataDir, ".."));
    // Its journal has room left, which these messages use up; then no commit can be written any more.
    const journal =
      "SELECT pg_logical_emit_message(false, 'faults', repeat('x', 1000000)) FROM generate_series(1, 200)";
    const refused = await bed.postgres
      .admin((db) => db.query(journal))
      .then(
        () => false,
        () => true,
      );
    if (!refused) throw new Error("the disk is not full");
    // Whether those who were refused were told the truth, the judge says.
    const from = bed.journal.now();
    const felt = () =>
      bed.journal.entries.some(
        (one) => one.op === "create" && one.from >= from && (one.outcome === "notDone" || one.outcome === "unknown"),
      );
    await delay(1_500);
    while (!felt()) {
      if (bed.journal.now() - from > patienceMs) throw new Error("no client felt that the disk was full");
      await delay(50);
    }
    rmSync(ballast);
    await bed.postgres.kill();
    await bed.postgres.restart();
  },
};
