import { spawnSync } from "node:child_process";
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { isAlive } from "../../testing/dev-services/src/owned-process.mjs";

/** @type {(pid: number) => string} */
const commandOf = (pid) => spawnSync("ps", ["-p", String(pid), "-o", "args="], { encoding: "utf8" }).stdout ?? "";

/**
 * Who holds the lock; undefined also for one that a killed script left behind.
 * @param {string} file
 * @returns {{ pid: number, note: string } | undefined}
 */
export function holderOf(file) {
  try {
    const [pid = "", note = ""] = readFileSync(file, "utf8").split("\n");
    const alive = Number(pid) !== process.pid && isAlive(Number(pid)) && commandOf(Number(pid)).includes("scripts/");
    return alive ? { pid: Number(pid), note } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Takes the lock if nobody holds it. The file appears with its content at once, so nobody reads half of it.
 * @param {string} file
 * @returns {{ note: (text: string) => void, release: () => void } | undefined}
 */
export function tryLock(file) {
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${process.pid}\n`);
  try {
    if (holderOf(file) === undefined) rmSync(file, { force: true });
    linkSync(draft, file);
  } catch {
    return undefined;
  } finally {
    rmSync(draft, { force: true });
  }
  const release = () => rmSync(file, { force: true });
  process.once("exit", release);
  return { note: (text) => writeFileSync(file, `${process.pid}\n${text}`), release };
}

/**
 * Runs the work while holding the lock; waits for another script of this checkout that does the same.
 * @template T
 * @param {string} file
 * @param {() => Promise<T>} work
 */
export async function withLock(file, work) {
  let lock = tryLock(file);
  while (lock === undefined) {
    await delay(200);
    lock = tryLock(file);
  }
  try {
    return await work();
  } finally {
    lock.release();
  }
}
