import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
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
    .filter((folder) => readManifest(folder).private !== true);

/** `npm start` builds without types, so packing builds again. It takes its time, so one package shows that it does. */
const buildsWhenPacked = "packages/core";

/** @param {string} name */
const readManifest = (name) => JSON.parse(readFileSync(`${root}/${name}/package.json`, "utf8"));

/** @type {Promise<string> | undefined} */
let packed;

/** The folder with the archives of all packages, as they would be published; removed with this process. */
function packAll() {
  packed ??= (async () => {
    const folder = mkdtempSync(join(tmpdir(), "turnkeep-pack-"));
    process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
    const pnpm = `${tools}/node_modules/pnpm/bin/pnpm.cjs`;
    const pack = ["pack", "--pack-destination", folder];
    rmSync(`${root}/${buildsWhenPacked}/dist`, { recursive: true });
    await run(pnpm, pack, { cwd: `${root}/${buildsWhenPacked}`, env: { CI: "true" } });
    const others = publishedPackages().filter((name) => name !== buildsWhenPacked);
    const filters = others.map((name) => `--filter=./${name}`);
    await run(pnpm, [...filters, ...pack, "--config.ignore-scripts=true"], { cwd: root, env: { CI: "true" } });
    return folder;
  })();
  return packed;
}

/**
 * Has a package, packed as it would be published, and its types examined by those who would use them.
 * @param {string} name Folder of the package; all are built with their types.
 */
export async function checkPackage(name) {
  const { name: published, version, exports, scripts } = readManifest(name);
  if (scripts.prepack !== "npm run build") throw new Error(`${name}/package.json: prepack has to build`);
  const archive = join(await packAll(), `${published.replace("@", "").replace("/", "-")}-${version}.tgz`);
  await checkSchemas(archive, Object.values(exports).filter(isSchemaFile));
  const complaints = [...(await contentProblems(archive, name)), ...(await typeProblems(archive))];
  if (complaints.length > 0) throw new Error(complaints.join("\n"));
}

/** What is wrong with its package.json and its files. @param {string} archive @param {string} name */
async function contentProblems(archive, name) {
  // On a bare machine, what this file imports is installed only after the list of checks is read.
  const { publint } = await import("publint");
  const { formatMessage } = await import("publint/utils");
  const { messages } = await publint({
    pack: { tarball: Uint8Array.from(readFileSync(archive)).buffer },
    strict: true,
  });
  const errors = messages.filter(({ type }) => type === "error");
  return errors.map((message) => `${message.code}: ${formatMessage(message, readManifest(name))}`);
}

/** What a user's compiler would not find, or find wrong, except by the rules of Node 10. @param {string} archive */
async function typeProblems(archive) {
  const { checkPackage: analyse, createPackageFromTarballData } = await import("@arethetypeswrong/core");
  const { types, ...analysis } = await analyse(createPackageFromTarballData(Uint8Array.from(readFileSync(archive))));
  if (types === false || !("problems" in analysis)) return [];
  const problems = analysis.problems.filter((one) => !("resolutionKind" in one) || one.resolutionKind !== "node10");
  return problems.map((problem) => `types: ${JSON.stringify(problem)}`);
}

/** @param {unknown} target @returns {target is string} */
const isSchemaFile = (target) => typeof target === "string" && target.endsWith(".schema.json");

/** JSON Schemas are in the archive, and say what they are. @param {string} archive @param {readonly string[]} files */
async function checkSchemas(archive, files) {
  if (files.length === 0) return;
  const folder = archive.replace(/\.tgz$/, "");
  mkdirSync(folder);
  await run("tar", ["-xzf", archive, "-C", folder]);
  for (const file of files) {
    const schema = JSON.parse(readFileSync(join(folder, "package", file), "utf8"));
    for (const field of ["$schema", "$id", "title", "$defs"]) {
      if (!(field in schema)) throw new Error(`${file}: ${field} is missing`);
    }
  }
}
