import { createHash } from "node:crypto";
import { existsSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

/** What Sequelize would ask for, if it were used for such a column; what reads files beside itself. */
const unbundled = ["pg-hstore", "@fastify/swagger-ui"];
const keptMs = 86_400_000;
/** By their entries, the programs that this process has bundled. */
const bundled = new Map<string, string>();

/**
 * The file of a program that tests start often, bundled with its dependencies: plain Node starts it with a fraction of what
 * its sources take. It is named by its contents and stays for the next run, for a day at least. It lies as deep in its package as the folders
 * `src` and `dist`, so that what it looks for beside itself is found.
 * @param entry its file, below the folder `src` of a package
 * @param external further packages that are not bundled
 */
export function bundleProgram(entry: URL, external: readonly string[] = []): string {
  const known = bundled.get(entry.href);
  if (known !== undefined) return known;
  const top = fileURLToPath(entry.href.slice(0, entry.href.lastIndexOf("/src/")));
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(entry)],
    write: false,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    conditions: ["@turnkeep/source"],
    external: [...unbundled, ...external],
    banner: {
      js: 'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url);',
    },
    logLevel: "error",
  });
  const [{ contents, hash } = { contents: "", hash: "" }] = outputFiles;
  const name = `${basename(entry.pathname, ".ts")}-${createHash("sha256").update(hash).digest("hex").slice(0, 16)}`;
  const file = `${top}/node_modules/.program-${name}.mjs`;
  if (!existsSync(file)) {
    // Another process may write the same at the same time.
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, contents);
    renameSync(draft, file);
    removeOld(`${top}/node_modules`, basename(entry.pathname, ".ts"));
  }
  bundled.set(entry.href, file);
  return file;
}

/** Bundles of the same program that sources of long ago gave. */
function removeOld(folder: string, name: string): void {
  for (const one of readdirSync(folder).filter((file) => file.startsWith(`.program-${name}-`))) {
    const { mtimeMs } = statSync(`${folder}/${one}`, { throwIfNoEntry: false }) ?? { mtimeMs: Date.now() };
    if (Date.now() - mtimeMs > keptMs) rmSync(`${folder}/${one}`, { force: true });
  }
}
