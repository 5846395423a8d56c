import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root, tools } from "../lib/paths.mjs";
import { run } from "../lib/run.mjs";

/** Folders of the packages that are published. */
export const publishedPackages = () =>
  readdirSync(`${root}/packages`)
    .map((folder) => `packages/${folder}`)
    // What is installed in a folder outlives the package that was moved away from it.
    .filter((folder) => existsSync(`${root}/${folder}/package.json`))
    .filter((folder) => JSON.parse(readFileSync(`${root}/${folder}/package.json`, "utf8")).private !== true);

/** `npm start` builds without types, so packing builds again. It takes its time, so one package shows that it does. */
const buildsWhenPacked = "packages/core";

/**
 * Packs it as it would be published, and has the package and its types examined by those who would use them.
 * @param {string} name Folder of the package, built with its types.
 */
export async function checkPackage(name) {
  const { exports, scripts } = JSON.parse(readFileSync(`${root}/${name}/package.json`, "utf8"));
  if (scripts.prepack !== "npm run build") throw new Error(`${name}/package.json: prepack has to build`);
  const builds = name === buildsWhenPacked;
  if (builds) rmSync(`${root}/${name}/dist`, { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), "turnkeep-pack-"));
  try {
    const pnpm = `${tools}/node_modules/pnpm/bin/pnpm.cjs`;
    const args = ["pack", "--pack-destination", folder, ...(builds ? [] : ["--config.ignore-scripts=true"])];
    await run(pnpm, args, { cwd: `${root}/${name}`, env: { CI: "true" } });
    const archive = join(folder, readdirSync(folder)[0] ?? "");
    await checkSchemas(archive, folder, Object.values(exports).filter(isSchemaFile));
    await run(`${root}/node_modules/publint/src/cli.js`, ["run", archive, "--strict"]);
    const attw = `${root}/node_modules/@arethetypeswrong/cli/dist/index.js`;
    await run(attw, [archive, "--profile", "node16", "--no-emoji", "--no-color"]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {unknown} target @returns {target is string} */
const isSchemaFile = (target) => typeof target === "string" && target.endsWith(".schema.json");

/**
 * JSON Schemas are in the archive, and say what they are.
 * @param {string} archive
 * @param {string} folder where it may be unpacked
 * @param {readonly string[]} files
 */
async function checkSchemas(archive, folder, files) {
  if (files.length === 0) return;
  await run("tar", ["-xzf", archive, "-C", folder]);
  for (const file of files) {
    const schema = JSON.parse(readFileSync(join(folder, "package", file), "utf8"));
    for (const field of ["$schema", "$id", "title", "$defs"]) {
      if (!(field in schema)) throw new Error(`${file}: ${field} is missing`);
    }
  }
}
