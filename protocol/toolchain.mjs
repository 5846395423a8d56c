import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { downloadDebianPackages, withProgramsOf } from "../testing/dev-services/src/download-debian-packages.mjs";

/**
 * What checks the model: the environment to run spin in, and a C compiler.
 * @typedef {{ env: NodeJS.ProcessEnv | undefined, cc: readonly string[] }} Toolchain
 */

const toolsFolder = fileURLToPath(new URL("../.tools", import.meta.url));

/**
 * Spin and a C compiler: those on the PATH, else Debian's, unpacked into the tools folder without installing anything.
 * @returns {Promise<Toolchain>}
 * @throws {Error} in one sentence that says what to install
 */
export async function provideToolchain() {
  const cc = ["gcc", "clang", "cc"].find((name) => compiles([name], undefined));
  if (cc !== undefined) {
    if (runsSpin(undefined)) return { env: undefined, cc: [cc] };
    const env = withProgramsOf(await fetched("spin", ["spin"], { whole: false }));
    if (runsSpin(env)) return { env, cc: [cc] };
  } else {
    // The compiler looks for headers, libraries and its own parts in that folder alone, so all of them have to be there.
    const folder = await fetched("spin-and-gcc", ["spin", "gcc", "libc6-dev"], { whole: true });
    const toolchain = { env: withProgramsOf(folder), cc: [join(folder, "usr/bin/gcc"), `--sysroot=${folder}`] };
    if (runsSpin(toolchain.env) && compiles(toolchain.cc, toolchain.env)) return toolchain;
  }
  throw new Error(
    `${toolsFolder}/spin* does not run: remove it to fetch it again, or install the packages "spin" and "gcc".`,
  );
}

/** @type {(name: string, packages: readonly string[], options: { whole: boolean }) => Promise<string>} */
async function fetched(name, packages, options) {
  const folder = join(toolsFolder, name);
  if (existsSync(folder)) return folder;
  try {
    await downloadDebianPackages(folder, packages, options);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`The model needs spin and a C compiler: install the packages "spin" and "gcc" (${why}).`);
  }
  return folder;
}

/** Spin wants a preprocessor too, so it is asked to read a model. @param {NodeJS.ProcessEnv | undefined} env */
const runsSpin = (env) =>
  inScratch((folder) => {
    writeFileSync(join(folder, "tiny.pml"), "#define N 1\nbyte n = N;\ninit { n++ }\n");
    return spawnSync("spin", ["-a", "tiny.pml"], { cwd: folder, env, stdio: "ignore" }).status === 0;
  });

/** @type {(cc: readonly string[], env: NodeJS.ProcessEnv | undefined) => boolean} */
const compiles = ([program = "cc", ...args], env) =>
  inScratch((folder) => {
    writeFileSync(join(folder, "tiny.c"), '#include <stdio.h>\nint main(void) { return printf(""); }\n');
    const options = { cwd: folder, env, stdio: /** @type {const} */ ("ignore") };
    if (spawnSync(program, [...args, "-o", "tiny", "tiny.c"], options).status !== 0) return false;
    return spawnSync(join(folder, "tiny"), [], options).status === 0;
  });

/** @type {(work: (folder: string) => boolean) => boolean} */
function inScratch(work) {
  const folder = mkdtempSync(join(tmpdir(), "turnkeep-toolchain-"));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
