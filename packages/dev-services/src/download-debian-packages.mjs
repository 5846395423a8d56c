// Plain JavaScript, because the check of the protocol uses it before anything is installed or built.
import { execFile, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const PACKAGE_NAME = /^Inst (\S+)/gm;

/** @param {string} text */
const lastLine = (text) => text.trim().split("\n").at(-1) ?? "";

/**
 * Unpacks these packages of Debian (or Ubuntu), and what of their dependencies this machine lacks, into `folder`, as
 * any user: the package lists lie in a private folder and nothing is installed. Two processes may do it at once; each
 * works aside, and the folder appears complete by one rename.
 * @param {string} folder
 * @param {readonly string[]} packages
 * @returns {Promise<void>}
 * @throws {Error} with the reason, in words that end a sentence
 */
export async function downloadDebianPackages(folder, packages) {
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
    const options = ["-o", `Dir::State::lists=${lists}`, "-o", `Dir::Cache=${cache}`, "-o", "APT::Sandbox::User="];
    const apt = (/** @type {string[]} */ ...args) =>
      run("apt-get", [...options, ...args], { cwd: debs, env: { ...process.env, LC_ALL: "C" }, maxBuffer: 1 << 24 });
    await apt("update");
    const plan = await apt("-s", "--no-install-recommends", "install", ...packages);
    const missing = [...plan.stdout.matchAll(PACKAGE_NAME)].map((match) => match[1] ?? "");
    await apt("download", ...new Set([...packages, ...missing]));
    for (const name of await readdir(debs)) await run("dpkg", ["-x", join(debs, name), root]);
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
  const listed = spawnSync("find", [folder, "-name", "*.so*", "-printf", "%h\\n"], { encoding: "utf8" });
  const folders = [...new Set(listed.stdout.split("\n").filter(Boolean))];
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
