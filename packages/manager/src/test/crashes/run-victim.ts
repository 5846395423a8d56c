import { execFile } from "node:child_process";
import { patienceMs } from "@turnkeep/dev-services";
import { bundleProgram } from "@turnkeep/dev-services/bundle";
import type { Scenario } from "./scenarios.js";
import type { Place } from "./scene.js";

/** The step at which it dies, and for which time it comes to it; `null`: it lives. */
export type DieAt = { readonly step: string; readonly time: number } | null;

export interface Death {
  /** The steps that it came to, the last of which it died at, if it was killed. */
  readonly steps: readonly string[];
  readonly killed: boolean;
}

/** Runs the act in a process of its own, which dies at the step of that number. @throws Error if it fails otherwise */
export async function runVictim(place: Place, act: Scenario["act"], dieAt: DieAt): Promise<Death> {
  const victim = await bundleProgram(new URL("./victim.ts", import.meta.url));
  return new Promise((resolve, reject) => {
    const args = [victim, JSON.stringify({ place, act, dieAt })];
    const child = execFile(process.execPath, args, { timeout: patienceMs }, (error, stdout, stderr) => {
      const killed = child.signalCode === "SIGKILL";
      if (error !== null && !killed) reject(new Error(`the victim failed by itself: ${stderr}`, { cause: error }));
      else resolve({ steps: stdout.split("\n").filter(Boolean), killed });
    });
  });
}
