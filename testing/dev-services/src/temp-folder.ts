import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isAlive } from "./owned-process.mjs";

const prefix = "turnkeep-";
const abandonedAfterMs = 60_000;
const mine = new Set<string>();
let prepared = false;

/** Folders that an earlier process left because it was killed: named after a process id that is gone. */
function sweepAbandoned(): void {
  for (const name of readdirSync(tmpdir())) {
    const owner = new RegExp(`^${prefix}[a-z]+-(\\d+)-`).exec(name)?.[1];
    if (owner === undefined || isAlive(Number(owner))) continue;
    const folder = join(tmpdir(), name);
    try {
      const { uid, mtimeMs } = statSync(folder);
      const ours = uid === process.getuid?.() || process.getuid?.() === 0;
      if (ours && Date.now() - mtimeMs > abandonedAfterMs) rmSync(folder, { recursive: true, force: true });
    } catch {
      // Another process removes it at the same time.
    }
  }
}

/** A fresh private folder that is removed when this process ends, or by a later one if this one is killed. */
export function temporaryFolder(kind: "chromium" | "clock" | "postgres" | "prometheus" | "redis" | "secret"): string {
  if (!prepared) {
    prepared = true;
    sweepAbandoned();
    process.once("exit", () => {
      for (const folder of mine) removeTemporaryFolder(folder);
    });
  }
  const folder = mkdtempSync(join(tmpdir(), `${prefix}${kind}-${process.pid}-`));
  mine.add(folder);
  return folder;
}

/** The folder outlives this process. */
export const keepTemporaryFolder = (folder: string): boolean => mine.delete(folder);

export function removeTemporaryFolder(folder: string): void {
  mine.delete(folder);
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
