import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { root } from "../lib/paths.mjs";
import { sourceFiles } from "./source-files.mjs";

const mostLines = 400;
const mostFilesInFolder = 15;
/** @type {Record<string, number>} */
const mostProductFiles = { "packages/manager": 50, "packages/sql-store": 45 };
const code = /\.(tsx?|mjs|cjs|js|lua|sql|css|html)$/;
const counted = /\.(tsx?|mjs|cjs|js|lua|sql|css|html|md|ya?ml|sh)$|\.ci\/run$/;

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
  const generated = ["pnpm-lock.yaml", "docs/reference.md", "docs/performance.md"];
  const files = sourceFiles().filter((file) => counted.test(file) && !generated.includes(file));
  const long = files.map((file) => [file, read(file).split("\n").length - 1]).filter(([, n]) => Number(n) > mostLines);
  refuse(
    long.map(([file, lines]) => `${file}: ${lines} lines`),
    `No file may have more than ${mostLines} lines:`,
  );
}

/** Users install from the registry that they chose. */
export async function lockFile() {
  refuse(linesWith(["pnpm-lock.yaml"], /https?:\/\//), "The lock file may hold no addresses:");
}

const isTest = /\.test\.tsx?$|\/(test|testing|fixtures)\//;

/** Code that ships: in the packages and programs, beside their tests. */
const productFiles = () =>
  sourceFiles().filter((file) => /^(packages|apps)\/[^/]+\/src\/.*\.tsx?$/.test(file) && !isTest.test(file));

/** A folder reads like a table of contents, and a package can be held in one's head. */
export async function folderSizes() {
  /** @type {Record<string, number>} */
  const counts = {};
  const files = sourceFiles().filter((file) => code.test(file) && !isTest.test(file));
  for (const file of files) counts[dirname(file)] = (counts[dirname(file)] ?? 0) + 1;
  const crowded = Object.entries(counts).filter(([, files]) => files > mostFilesInFolder);
  const large = Object.entries(mostProductFiles).flatMap(([name, most]) => {
    const found = productFiles().filter((file) => file.startsWith(`${name}/`)).length;
    return found > most ? [`${name}: ${found} product files, at most ${most}`] : [];
  });
  refuse(
    [...crowded.map(([folder, files]) => `${folder}: ${files} files, at most ${mostFilesInFolder}`), ...large],
    "A folder or a package has too many files:",
  );
}

/** Time, chance and ids come from the Runtime that is handed in, so that a test can hand in a virtual one. */
export async function platformReaders() {
  const may = /^packages\/core\/src\/runtime\//;
  const platform =
    /\bDate\.now\(|\bnew Date\(\)|\bperformance\.now\(|\bMath\.random\(|\brandomUUID\(|\bset(Timeout|Interval|Immediate)\(|"node:timers/;
  refuse(
    linesWith(
      productFiles().filter((file) => !may.test(file)),
      platform,
    ),
    "Time, chance and ids come from the Runtime alone:",
  );
}

/** One style: members are hidden by the language, constants are named like everything else. */
export async function oneStyle() {
  const files = sourceFiles().filter((file) => /\.(ts|tsx|mjs)$/.test(file));
  const hidden =
    /^\s*(private|protected)\s+(readonly|static|async|get|set|override|(?!constructor)\w+[(:?=;])|constructor\((.*\s)?private\b/;
  refuse(linesWith(files, hidden), "Private members begin with #:");
  refuse(linesWith(files, /^(export )?const [A-Z][A-Z0-9_]+\b/), "Constants are written in camelCase:");
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
    /^(apps|examples)\/[^/]+\/src\/(.+\/)?config\.ts$|^examples\/quick-start\/|^scripts\/|^packages\/create-turnkeep\/templates\/|^tsup\.base\.ts$|^testing\/|^packages\/manager\/src\/test\/|\/src\/testing\/|\.test\.ts$/;
  const files = sourceFiles().filter((file) => code.test(file) && !mayRead.test(file) && !file.startsWith("."));
  refuse(linesWith(files, /\bprocess\.env\b/), "Only an app's config.ts reads the environment:");
}

/** What the compiler and the linter can be talked out of, nobody may talk them out of. */
export async function escapeHatches() {
  const files = sourceFiles().filter((file) => code.test(file) && !file.startsWith("scripts/checks/"));
  // A test of types says so in its name: there the compiler has to refuse the next line, and says so if it does not.
  const others = files.filter((file) => !file.endsWith(".types.test.ts"));
  const found = [
    ...linesWith(files, /@ts-(ignore|nocheck)|biome-ignore|eslint-disable|\b(TODO|FIXME|XXX)\b/),
    ...linesWith(others, /@ts-expect-error/),
  ];
  refuse(found, "Errors are mended, not silenced, and nothing is left for later in a comment:");
}
