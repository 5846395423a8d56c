import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** @typedef {import("./rows.mjs").Row} Row */
/** @typedef {{ verdict: "holds" | "breaks" | "unfinished", states: number, seconds: number, why: string }} Result */

const modelFolder = fileURLToPath(new URL("model", import.meta.url));
/** A row that takes longer is too large, or this machine too slow; either way it shows nothing. */
const limitMs = 600_000;
/** -E: processes that wait for ever are no error, since players come and go. */
const panFlags = ["-m500000", "-E"];
const memoryMb = 6_000;

/**
 * One exhaustive search of the model as this row sets it.
 * @param {Row} row
 * @param {import("./toolchain.mjs").Toolchain} toolchain
 * @param {AbortSignal} signal
 * @returns {Promise<Result>}
 */
export async function checkRow({ expected, flags }, { env, cc: [cc = "cc", ...ccArgs] }, signal) {
  const folder = mkdtempSync(join(tmpdir(), "turnkeep-protocol-"));
  const began = performance.now();
  try {
    cpSync(modelFolder, folder, { recursive: true });
    /** @type {(program: string, args: readonly string[]) => Promise<Said>} */
    const run = (program, args) => say(program, args, { cwd: folder, env, signal });
    const defines = flags.map((flag) => `-D${flag}`);
    const read = await run("spin", [...defines, "-a", "protocol.pml"]);
    if (read.code !== 0) return unfinished(began, read);
    // Spin's own code is warned about; only the search is wanted here.
    const limits = ["-DSAFETY", "-DCOLLAPSE", `-DMEMLIM=${memoryMb}`];
    // What breaks does so early: there compiling takes the time, elsewhere searching.
    const effort = expected === "breaks" ? "-O0" : "-O2";
    const built = await run(cc, [...ccArgs, "-w", effort, ...limits, "-o", "pan", "pan.c"]);
    if (built.code !== 0) return unfinished(began, built);
    return verdictOf(await run(join(folder, "pan"), panFlags), began);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @typedef {{ code: number | null, output: string }} Said */

/** @type {(said: Said, began: number) => Result} */
function verdictOf(said, began) {
  const { code, output } = said;
  const errors = /errors: (\d+)/.exec(output)?.[1];
  const cut = /max search depth too small|Search not completed|out of memory/i.test(output);
  const states = Number(/([\d.e+]+) states, stored/.exec(output)?.[1] ?? 0);
  const seconds = (performance.now() - began) / 1_000;
  if (code !== 0 || errors === undefined || (cut && errors === "0")) return unfinished(began, said);
  const why = /pan:1: (assertion violated .*?) \(at depth/.exec(output)?.[1] ?? "";
  return { verdict: errors === "0" ? "holds" : "breaks", states, seconds, why };
}

/** @type {(began: number, said: Said) => Result} */
const unfinished = (began, { code, output }) => ({
  verdict: "unfinished",
  states: 0,
  seconds: (performance.now() - began) / 1_000,
  why: `code ${code}: ${output.trim().split("\n").slice(-3).join(" · ")}`,
});

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd: string, env: NodeJS.ProcessEnv | undefined, signal: AbortSignal }} options
 * @returns {Promise<Said>}
 */
function say(program, args, options) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { ...options, stdio: ["ignore", "pipe", "pipe"], timeout: limitMs });
    let output = "";
    const hear = (/** @type {Buffer} */ part) => {
      output += part;
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.on("error", (error) => resolve({ code: null, output: error.message }));
    child.on("close", (code) => resolve({ code, output }));
  });
}
