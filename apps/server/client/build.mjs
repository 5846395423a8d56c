// Bundles the page into a folder that the server serves. `node client/build.mjs` builds what the server ships with.
import { copyFile, mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));

/** The folder that `main` serves. */
export const pageFolder = fileURLToPath(new URL("../dist/page/", import.meta.url));

/**
 * Each file appears complete, by a rename, so that a server may start meanwhile.
 * @param {string} [folder]
 */
export async function buildPage(folder = pageFolder) {
  await mkdir(dirname(folder), { recursive: true });
  await mkdir(folder, { recursive: true });
  const draft = await mkdtemp(join(folder, ".draft-"));
  try {
    await build({
      entryPoints: [
        { in: join(here, "src/main.tsx"), out: "page" },
        { in: join(here, "styles/page.css"), out: "page" },
      ],
      outdir: draft,
      bundle: true,
      minify: true,
      format: "esm",
      target: ["chrome111", "firefox114", "safari16.4"],
      jsx: "automatic",
      jsxImportSource: "preact",
      // The rules come from their sources, so that nothing has to be built before.
      conditions: ["@turnkeep/source"],
      legalComments: "none",
      logLevel: "warning",
    });
    for (const name of await readdir(join(here, "static")))
      await copyFile(join(here, "static", name), join(draft, name));
    for (const name of await readdir(draft)) await rename(join(draft, name), join(folder, name));
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildPage();
