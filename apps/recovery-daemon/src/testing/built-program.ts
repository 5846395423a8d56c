import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type OutputFile } from "esbuild";

const main = fileURLToPath(new URL("../main.ts", import.meta.url));
const builds = fileURLToPath(new URL("../../node_modules/.cache/programs", import.meta.url));

/** What a run of the program gave. */
export interface ProgramRun {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The program itself, built once, so that each run starts fast. */
export interface BuiltProgram {
  run(args: readonly string[], environment: Readonly<Record<string, string>>): Promise<ProgramRun>;
}

/**
 * Builds the program in one file with its dependencies, for this run of the tests and the next: each build has a folder by
 * its contents. As it is shipped, without them, `packed.servers.test.ts` tries it.
 */
export async function buildProgram(): Promise<BuiltProgram> {
  const { outputFiles } = await build({
    entryPoints: { main },
    outdir: builds,
    write: false,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    outExtension: { ".js": ".mjs" },
    conditions: ["@turnkeep/source"],
    // What Sequelize would ask for, if it were used for such a column.
    external: ["pg-hstore"],
    banner: {
      js: 'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url);',
    },
    logLevel: "error",
  });
  const hash = createHash("sha256");
  for (const { hash: part } of outputFiles) hash.update(part);
  const folder = join(builds, hash.digest("hex").slice(0, 16));
  if (!existsSync(folder)) await writeWhole(folder, outputFiles);
  return { run: (args, environment) => runProgram(join(folder, "main.mjs"), args, environment) };
}

/** Another process may write the same folder at the same time: the first counts. */
async function writeWhole(folder: string, files: readonly OutputFile[]): Promise<void> {
  await mkdir(builds, { recursive: true });
  const draft = await mkdtemp(`${folder}-`);
  for (const { path, contents } of files) await writeFile(join(draft, basename(path)), contents);
  await rename(draft, folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
    return rm(draft, { recursive: true });
  });
}

function runProgram(
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<ProgramRun> {
  const { PATH = "" } = process.env;
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [program, ...args],
      { env: { PATH, ...environment }, maxBuffer: 64 * 1_048_576 },
      (_error, stdout, stderr) => resolve({ status: child.exitCode ?? -1, stdout, stderr }),
    );
    child.stdin?.end();
  });
}
