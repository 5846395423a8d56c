import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { downloadDebianPackages, withLibrariesOf } from "../download-debian-packages.mjs";
import { toolsFolder } from "../workspace-folder.js";
import { unpackChromium } from "./unpack-chromium.js";

export interface ChromiumProgram {
  readonly file: string;
  readonly env: NodeJS.ProcessEnv;
}

const chromiumCommands = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
/** What the packaged browser needs and a bare Debian lacks. */
const debianLibraries = ["libnss3", "libnspr4", "libexpat1"];

const runs = (program: ChromiumProgram): boolean =>
  spawnSync(program.file, ["--version"], { env: program.env, stdio: "ignore" }).status === 0;

/**
 * A browser for tests: the one that CHROMIUM_PATH names, else one on the PATH, else the one of the package
 * `@sparticuz/chromium`, unpacked into the tools folder together with the libraries that the machine lacks. Nothing is
 * installed. @throws Error in one sentence that says what to do.
 */
export async function findChromium(
  tools: string = toolsFolder(),
  commands: readonly string[] = chromiumCommands,
): Promise<ChromiumProgram> {
  const given = process.env.CHROMIUM_PATH;
  if (given) {
    const program = { file: given, env: process.env };
    if (runs(program)) return program;
    throw new Error(`No browser: CHROMIUM_PATH names ${given}, which does not run.`);
  }
  for (const file of commands) {
    const program = { file, env: process.env };
    if (runs(program)) return program;
  }
  const cause = await packagedChromium(tools).catch((error: unknown) =>
    error instanceof Error ? error.message : String(error),
  );
  if (typeof cause !== "string") return cause;
  throw new Error(`No browser: set CHROMIUM_PATH, or install the package "chromium" (${cause}).`);
}

async function packagedChromium(tools: string): Promise<ChromiumProgram> {
  const { file, fonts } = await unpackChromium(join(tools, "chromium"));
  const withFonts = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({ ...env, FONTCONFIG_FILE: fonts });
  const plain = { file, env: withFonts(process.env) };
  if (runs(plain)) return plain;
  const libraries = join(tools, "chromium-libraries");
  if (!existsSync(libraries)) await downloadDebianPackages(libraries, debianLibraries);
  const program = { file, env: withFonts(withLibrariesOf(libraries)) };
  if (runs(program)) return program;
  throw new Error(`the copies in ${file} and ${libraries} do not run: remove them to fetch them again`);
}
