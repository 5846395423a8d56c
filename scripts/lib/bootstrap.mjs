import { createHash } from "node:crypto";
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { withLock } from "./lock.mjs";
import { checkNodeVersion } from "./node-version.mjs";
import { root, tools } from "./paths.mjs";
import { explainNetwork, run } from "./run.mjs";
import { step } from "./terminal.mjs";

const installedMark = `${root}/node_modules/.turnkeep-installed`;

/** @param {string} file */
const readJson = (file) => JSON.parse(readFileSync(file, "utf8"));

/** Package managers write below the home folder; where there is none to write to, they get one. */
function homeEnvironment() {
  try {
    accessSync(homedir(), constants.W_OK);
    return {};
  } catch {
    const home = `${tools}/home`;
    mkdirSync(home, { recursive: true });
    return { HOME: home, npm_config_cache: `${home}/.npm` };
  }
}

/** Changes with everything that an install depends on. */
function fingerprint() {
  const hash = createHash("sha256").update(`${process.versions.modules} ${process.platform} ${process.arch}`);
  const packages = ["packages", "apps", "examples", "testing", "."].flatMap((top) =>
    top === "."
      ? ["package.json", "bench/package.json", "pnpm-lock.yaml", "pnpm-workspace.yaml"]
      : readdirSync(`${root}/${top}`).map((folder) => `${top}/${folder}/package.json`),
  );
  for (const file of packages.filter((name) => existsSync(`${root}/${name}`))) {
    hash.update(`\n${file}\n`).update(readFileSync(`${root}/${file}`));
  }
  return hash.digest("hex");
}

/** The exact pnpm that package.json names, from the registry into the tools folder. */
async function providePnpm() {
  const version = String(readJson(`${root}/package.json`).packageManager).replace("pnpm@", "");
  const home = `${tools}/node_modules/pnpm`;
  if (!existsSync(`${home}/package.json`) || readJson(`${home}/package.json`).version !== version) {
    await step(`Fetch pnpm ${version}`, async () => {
      mkdirSync(tools, { recursive: true });
      const quiet = ["--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"];
      const args = ["install", "--prefix", tools, "--no-save", ...quiet, `pnpm@${version}`];
      const npm = process.env.npm_execpath?.endsWith("npm-cli.js") ? process.env.npm_execpath : "npm";
      await run(npm, args, { cwd: tools, env: homeEnvironment() });
    });
  }
  return `${home}/bin/pnpm.cjs`;
}

/** Installs the dependencies exactly as locked; does nothing when nothing changed since the last time. */
export async function bootstrap() {
  checkNodeVersion();
  const wanted = fingerprint();
  const done = () => existsSync(installedMark) && readFileSync(installedMark, "utf8") === wanted;
  if (done()) return;
  try {
    await withLock(`${tools}/bootstrap.lock`, async () => {
      if (done()) return;
      const pnpm = await providePnpm();
      await step("Install dependencies", () =>
        // CI: pnpm asks nothing.
        run(pnpm, ["install", "--frozen-lockfile"], { env: { ...homeEnvironment(), CI: "true" } }),
      );
      writeFileSync(installedMark, wanted);
    });
  } catch (error) {
    throw explainNetwork(error, "The first run");
  }
}

/** The program itself: its JavaScript wrapper would leave it running when killed. */
function turboProgram() {
  const wrapper = realpathSync(`${root}/node_modules/turbo/package.json`);
  const arch = process.arch === "x64" ? "64" : process.arch;
  return createRequire(wrapper).resolve(`@turbo/${process.platform}-${arch}/bin/turbo`);
}

/**
 * Builds what is not built yet.
 * @param {readonly string[]} [packages] Names; their dependencies are built too. Default: all.
 * @param {{ quiet?: boolean, types?: boolean }} [options] `quiet`: the caller shows the progress. `types`: with
 *   declarations, which running the programs does not need.
 */
export async function build(packages = [], { quiet = false, types = false } = {}) {
  const filters = packages.map((name) => `--filter=${name}...`);
  const args = ["run", "build", "--output-logs=errors-only", ...filters];
  // turbo asks for the package manager by name.
  const PATH = `${tools}/node_modules/.bin:${process.env.PATH}`;
  const env = { ...homeEnvironment(), TURBO_TELEMETRY_DISABLED: "1", BUILD_TYPES: types ? "yes" : "no", PATH };
  const work = () => withLock(`${tools}/build.lock`, () => run(turboProgram(), args, { env }));
  await (quiet ? work() : step("Build", work));
}
