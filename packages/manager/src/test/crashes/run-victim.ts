import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { patienceMs } from "@turnkeep/dev-services";
import { build } from "esbuild";
import type { Scenario } from "./scenarios.js";
import type { Place } from "./scene.js";

/** The victim's program, in one file, since it is started a hundred times. */
export interface Victim {
  readonly file: string;
  remove(): Promise<void>;
}

/** The step at which it dies, and for which time it comes to it; `null`: it lives. */
export type DieAt = { readonly step: string; readonly time: number } | null;

export interface Death {
  /** The steps that it came to, the last of which it died at, if it was killed. */
  readonly steps: readonly string[];
  readonly killed: boolean;
}

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export async function buildVictim(): Promise<Victim> {
  // Within the package, so that what is not bundled is found.
  const parent = at("../../node_modules/.cache");
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, "victim-"));
  const file = join(folder, "victim.mjs");
  await build({
    entryPoints: [at("./victim.ts")],
    outfile: file,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    conditions: ["@turnkeep/source"],
    external: ["sequelize", "ioredis", "pg"],
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  });
  return { file, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Runs the act in a process of its own, which dies at the step of that number. @throws Error if it fails otherwise */
export function runVictim({ file }: Victim, place: Place, act: Scenario["act"], dieAt: DieAt): Promise<Death> {
  return new Promise((resolve, reject) => {
    const args = [file, JSON.stringify({ place, act, dieAt })];
    const child = execFile(process.execPath, args, { timeout: patienceMs }, (error, stdout, stderr) => {
      const killed = child.signalCode === "SIGKILL";
      if (error !== null && !killed) reject(new Error(`the victim failed by itself: ${stderr}`, { cause: error }));
      else resolve({ steps: stdout.split("\n").filter(Boolean), killed });
    });
  });
}
