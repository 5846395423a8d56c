import { execFile } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { sleep, until } from "../../clock.js";
import type { Scenario } from "../scenario.js";

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

/** Postgres may refuse, or stop if it cannot write its WAL; play within a turn goes on. */
export const diskFull: Scenario = {
  name: "disk-full",
  title: "Postgres's disk full",
  checks: ["I1", "I5"],
  onDemand: true,
  drainsWithinMs: 15_000,
  async cannotRun() {
    try {
      await (await smallDisk()).remove();
      return null;
    } catch {
      return "it has no right to mount a small disk";
    }
  },
  async ownPostgres() {
    const { folder, remove } = await smallDisk();
    // WAL files are made as they are needed, so that a full disk has an effect soon.
    const settings = { min_wal_size: "32MB", max_wal_size: "48MB", wal_recycle: "off" };
    return { options: { folder, settings }, remove };
  },
  async inject(environment) {
    const { dataDir } = environment.postgres;
    environment.countFault();
    const ballast = fill(join(dataDir, ".."));
    // These messages use up what is left of the WAL; then no commit can be written any more.
    const fillWal =
      "SELECT pg_logical_emit_message(false, 'faults', repeat('x', 1000000)) FROM generate_series(1, 200)";
    const refused = await environment.postgres
      .admin((db) => db.query(fillWal))
      .then(
        () => false,
        () => true,
      );
    if (!refused) throw new Error("the disk is not full");
    const from = environment.journal.now();
    const isNoticed = async () =>
      environment.journal.entries.some(
        (one) => one.op === "create" && one.from >= from && (one.outcome === "notDone" || one.outcome === "unknown"),
      );
    await sleep(1_500);
    await until(isNoticed, () => "no client noticed that the disk was full");
    rmSync(ballast);
    await environment.postgres.kill();
    await environment.postgres.restart();
  },
};
