// Plain JavaScript, because the check of the protocol uses it before anything is installed or built.
import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const packageName = /^Inst (\S+)/gm;
/** apt-get and dpkg call other programs by name, which may not be on the PATH of this process. */
const aptPath = [process.env.PATH, "/usr/sbin", "/usr/bin", "/sbin", "/bin"].filter(Boolean).join(":");

/** @param {string} text */
const lastLine = (text) => text.trim().split("\n").at(-1) ?? "";

/**
 * Unpacks these packages of Debian (or Ubuntu), and what of their dependencies this machine lacks, into `folder`, as
 * any user: the package lists lie in a private folder and nothing is installed. Two processes may do it at once; each
 * works in a folder of its own, and the folder appears complete by one rename.
 * With `whole` all of their dependencies come along, whatever this machine has: for what must find its parts in the
 * folder.
 * @param {string} folder
 * @param {readonly string[]} packages
 * @param {{ whole?: boolean }} [options]
 * @returns {Promise<void>}
 * @throws {Error} with the reason, in words that end a sentence
 */
export async function downloadDebianPackages(folder, packages, { whole = false } = {}) {
  if (!existsSync("/usr/bin/apt-get") || !existsSync("/usr/bin/dpkg")) {
    throw new Error("it can be fetched by itself only where apt-get is");
  }
  await mkdir(dirname(folder), { recursive: true });
  const draft = await mkdtemp(`${folder}-`);
  try {
    const lists = join(draft, "lists");
    const cache = join(draft, "cache");
    const debs = join(draft, "debs");
    const root = join(draft, "root");
    for (const path of [join(lists, "partial"), join(cache, "archives/partial"), debs, root]) {
      await mkdir(path, { recursive: true });
    }
    const installed = join(draft, "status");
    await writeFile(installed, "");
    const options = ["-o", `Dir::State::lists=${lists}`, "-o", `Dir::Cache=${cache}`, "-o", "APT::Sandbox::User="];
    if (whole) options.push("-o", `Dir::State::status=${installed}`);
    const env = { ...process.env, PATH: aptPath, LC_ALL: "C" };
    const apt = (/** @type {string[]} */ ...args) =>
      run("apt-get", [...options, ...args], { cwd: debs, env, maxBuffer: 1 << 24 });
    await apt("update");
    const plan = await apt("-s", "--no-install-recommends", "install", ...packages);
    const missing = [...plan.stdout.matchAll(packageName)].map((match) => match[1] ?? "");
    await apt("download", ...new Set([...packages, ...missing]));
    for (const name of await readdir(debs)) await run("dpkg", ["-x", join(debs, name), root], { env });
    await rename(root, folder).catch((error) => {
      if (!existsSync(folder)) throw error;
    });
  } catch (error) {
    const { stderr, message } = /** @type {Error & { stderr?: string }} */ (error);
    throw new Error(`fetching it with apt-get failed: ${lastLine(stderr || message)}`, { cause: error });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/**
 * This process's environment, with the shared libraries below `folder` found before those of the machine.
 * @param {string} folder
 * @returns {NodeJS.ProcessEnv}
 */
export function withLibrariesOf(folder) {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const libraries = files.filter((file) => /\.so(\.|$)/.test(file));
  const folders = [...new Set(libraries.map((file) => dirname(join(folder, file))))];
  const known = process.env.LD_LIBRARY_PATH;
  return { ...process.env, LD_LIBRARY_PATH: [...folders, ...(known ? [known] : [])].join(":") };
}

/**
 * The same, and with its programs before those of the machine.
 * @param {string} folder
 * @returns {NodeJS.ProcessEnv}
 */
export function withProgramsOf(folder) {
  return { ...withLibrariesOf(folder), PATH: [join(folder, "usr/bin"), process.env.PATH].join(":") };
}
