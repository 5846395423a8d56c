import { existsSync, readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { guarantees, guaranteesBite } from "../checks/guarantees.mjs";
import { importOrder, importOrderBites } from "../checks/import-order.mjs";
import { checkPackage, publishedPackages } from "../checks/packages.mjs";
import { protocolTable, protocolTableBites } from "../checks/protocol-table.mjs";
import { publicTypes } from "../checks/public-types.mjs";
import { reference } from "../checks/reference.mjs";
import {
  environmentReaders,
  escapeHatches,
  fileSizes,
  folderSizes,
  lockFile,
  oneStyle,
  platformReaders,
  skippedTests,
} from "../checks/source-rules.mjs";
import { words, wordsBite } from "../checks/words.mjs";
import { build } from "./bootstrap.mjs";
import { root } from "./paths.mjs";
import { run } from "./run.mjs";
import { step } from "./terminal.mjs";

/** @typedef {{ title: string, work: () => Promise<unknown> }} Check */

/** @type {(name: string, program: string, ...args: string[]) => () => Promise<unknown>} */
const tool =
  (name, program, ...args) =>
  () =>
    run(`${root}/node_modules/${name}/${program}`, args);

/** Each checker of the compiler checks anew what it shares with others, and Go collects garbage often where it may not. */
const checkers = String(Math.max(1, Math.min(4, Math.floor(availableParallelism() / 2))));

/** @type {(...args: string[]) => () => Promise<unknown>} */
const types =
  (...args) =>
  () =>
    run(`${root}/node_modules/typescript-native/bin/tsc`, ["--noEmit", "--checkers", checkers, ...args], {
      env: { GOGC: "400" },
    });

/** Writes the modules that are generated from other files, in every package that has some. */
export async function generate() {
  for (const folder of readdirSync(`${root}/packages`)) {
    if (!existsSync(`${root}/packages/${folder}/package.json`)) continue;
    const { scripts = {} } = JSON.parse(readFileSync(`${root}/packages/${folder}/package.json`, "utf8"));
    if (!scripts.generate) continue;
    const [program = "", ...args] = String(scripts.generate).split(" ");
    await run(program === "node" ? process.execPath : program, args, { cwd: `${root}/packages/${folder}` });
  }
}

/** All that can be said without running the product. @returns {Check[]} */
export const checks = () => [
  { title: "format and lint", work: tool("@biomejs/biome", "bin/biome", "ci", ".") },
  { title: "types", work: types() },
  { title: "types of the page", work: types("-p", "apps/server/client") },
  { title: "imports keep the order of the packages", work: importOrder },
  { title: "the rules of that order bite", work: importOrderBites },
  { title: "no dead code, no unused dependency", work: tool("knip", "bin/knip.js", "--no-progress") },
  { title: "one word, one meaning", work: words },
  { title: "private words would be found", work: wordsBite },
  { title: "one style of members and constants", work: oneStyle },
  { title: "time, chance and ids come from the runtime", work: platformReaders },
  { title: "file sizes", work: fileSizes },
  { title: "sizes of folders and packages", work: folderSizes },
  { title: "no skipped tests", work: skippedTests },
  { title: "nothing silenced", work: escapeHatches },
  { title: "readers of the environment", work: environmentReaders },
  { title: "the protocol's text, its model and the code agree", work: protocolTable },
  { title: "disagreements between them would be found", work: protocolTableBites },
  { title: "each guarantee has a proof that exists", work: guarantees },
  { title: "missing proofs would be found", work: guaranteesBite },
  { title: "the reference is current", work: reference },
  { title: "the lock file holds no addresses", work: lockFile },
  { title: "build", work: () => build([], { quiet: true, types: true }) },
  { title: "no `any` in public types", work: publicTypes },
  ...publishedPackages().map((folder) => ({ title: `${folder} as a package`, work: () => checkPackage(folder) })),
];

/**
 * Runs them one after the other, a line each, and shows at the end what failed.
 * @param {Check[]} list
 * @returns {Promise<{ passed: number, failed: number }>}
 */
export async function runChecks(list) {
  /** @type {string[]} */
  const complaints = [];
  for (const { title, work } of list) {
    try {
      await step(title, work);
    } catch (error) {
      complaints.push(`${title}: ${error instanceof Error ? error.message : error}`);
    }
  }
  for (const complaint of complaints) console.log(`\n${complaint}`);
  return { passed: list.length - complaints.length, failed: complaints.length };
}
