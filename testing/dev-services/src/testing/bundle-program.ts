import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** A program of a test in one file, for plain Node. */
export interface BundledProgram {
  readonly file: string;
  remove(): Promise<void>;
}

/**
 * Bundles a program that a test starts many times: a start from its sources takes two seconds of a core.
 * @param entry its file, in the folder `src` of a package
 * @param external packages that are not bundled, beside what only some databases need
 */
export async function bundleProgram(entry: URL, external: readonly string[] = []): Promise<BundledProgram> {
  // Within the package, so that what is not bundled is found.
  const parent = fileURLToPath(new URL("node_modules/.cache", entry.href.slice(0, entry.href.lastIndexOf("src/"))));
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, "program-"));
  const file = join(folder, "program.mjs");
  await build({
    entryPoints: [fileURLToPath(entry)],
    outfile: file,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    conditions: ["@turnkeep/source"],
    // What Sequelize would ask for, if it were used for such a column.
    external: ["pg-hstore", ...external],
    banner: {
      js: 'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url);',
    },
  });
  return { file, remove: () => rm(folder, { recursive: true, force: true }) };
}
