import { readFileSync } from "node:fs";
import { root } from "../lib/paths.mjs";
import { sourceFiles } from "./source-files.mjs";

const MOST_LINES = 400;
const CODE = /\.(ts|mjs|cjs|js|lua|sql|css|html)$/;
const COUNTED = /\.(ts|mjs|cjs|js|lua|sql|css|html|md|ya?ml|sh)$|\.ci\/run$/;

/** @param {string} file */
const read = (file) => readFileSync(`${root}/${file}`, "utf8");

/** @type {(problems: string[], what: string) => void} */
function refuse(problems, what) {
  if (problems.length > 0) throw new Error(`${what}\n${problems.map((problem) => `  ${problem}`).join("\n")}`);
}

/** @type {(files: string[], forbidden: RegExp) => string[]} */
const linesWith = (files, forbidden) =>
  files.flatMap((file) =>
    read(file)
      .split("\n")
      .flatMap((line, index) => (forbidden.test(line) ? [`${file}:${index + 1}  ${line.trim().slice(0, 100)}`] : [])),
  );

/** No file has grown past what one can hold in one's head. */
export async function fileSizes() {
  const files = sourceFiles().filter((file) => COUNTED.test(file) && file !== "pnpm-lock.yaml");
  const long = files.map((file) => [file, read(file).split("\n").length - 1]).filter(([, n]) => Number(n) > MOST_LINES);
  refuse(
    long.map(([file, lines]) => `${file}: ${lines} lines`),
    `No file may have more than ${MOST_LINES} lines:`,
  );
}

/** Whoever installs does so from the registry that they chose. */
export async function lockFile() {
  refuse(linesWith(["pnpm-lock.yaml"], /https?:\/\//), "The lock file may hold no addresses:");
}

/** A test that does not run shows nothing. */
export async function skippedTests() {
  const tests = sourceFiles().filter((file) => /\.(ts|mjs)$/.test(file) && !file.startsWith("scripts/checks/"));
  const skipping =
    /\b(it|test|describe|suite|bench)(\.\w+)*\.(skip|todo|skipIf|runIf|only)\b|\b(context|ctx|task)\.skip\(/;
  refuse(linesWith(tests, skipping), "No test may be skipped:");
}

/** The environment has one reader an app; scripts, builds and tests read what they are started with. */
export async function environmentReaders() {
  const mayRead =
    /^(apps|examples)\/[^/]+\/src\/(.+\/)?config\.ts$|^examples\/quick-start\/|^scripts\/|^tsup\.base\.ts$|^packages\/dev-services\/src\/|\/src\/testing\/|\.test\.ts$/;
  const files = sourceFiles().filter((file) => CODE.test(file) && !mayRead.test(file) && !file.startsWith("."));
  refuse(linesWith(files, /\bprocess\.env\b/), "Only an app's config.ts reads the environment:");
}

/** What the compiler and the linter can be talked out of, nobody may talk them out of. */
export async function escapeHatches() {
  const files = sourceFiles().filter((file) => CODE.test(file) && !file.startsWith("scripts/checks/"));
  refuse(
    linesWith(files, /@ts-(ignore|nocheck|expect-error)|biome-ignore|eslint-disable|\b(TODO|FIXME|XXX)\b/),
    "Errors are mended, not silenced, and nothing is left for later in a comment:",
  );
}
