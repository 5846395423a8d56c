import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { build, buildSync, type Plugin } from "esbuild";

/** What Sequelize would ask for, if it were used for such a column; what reads files beside itself. */
const unbundled = ["pg-hstore", "@fastify/swagger-ui"];
const keptMs = 86_400_000;
/** A process that bundles for longer was killed. */
const bundlesWithinMs = 60_000;
/** By their entries, the programs that this process has asked for. */
const asked = new Map<string, Promise<string>>();

/** A bundle, and the state of each file that it depends on. */
interface Kept {
  readonly file: string;
  readonly inputs: Readonly<Record<string, string>>;
}

/**
 * The file of a program that tests start often, bundled with its dependencies: plain Node starts it with a fraction of what
 * its sources take. One process bundles it for all, as long as no source changes. It is named by its contents and stays for the
 * next run, for a day at least. It lies as deep in its package as the folders `src` and `dist`, so that what it looks for
 * beside itself is found.
 * @param entry its file, below the folder `src` of a package; it exports nothing
 * @param external further packages that are not bundled
 */
export function bundleProgram(entry: URL, external: readonly string[] = []): Promise<string> {
  const file = asked.get(entry.href) ?? findBundle(fileURLToPath(entry), [...unbundled, ...external]);
  asked.set(entry.href, file);
  return file;
}

async function findBundle(entry: string, external: readonly string[]): Promise<string> {
  const folder = `${entry.slice(0, entry.lastIndexOf("/src/"))}/node_modules`;
  const note = `${folder}/.program-${basename(entry, ".ts")}.json`;
  for (;;) {
    const file = current(note);
    if (file !== undefined) return file;
    if (lock(`${note}.lock`)) break;
    await delay(50);
  }
  try {
    // The process that had the lock may have been done a moment ago.
    return current(note) ?? (await bundle(entry, external, folder, note));
  } finally {
    rmSync(`${note}.lock`, { force: true });
  }
}

/** The bundle of the note, if nothing changed since. */
function current(note: string): string | undefined {
  try {
    const { file, inputs }: Kept = JSON.parse(readFileSync(note, "utf8"));
    const isSame = existsSync(file) && Object.entries(inputs).every(([input, state]) => stateOf(input) === state);
    return isSame ? file : undefined;
  } catch {
    return undefined;
  }
}

function stateOf(input: string): string {
  const { mtimeMs, size } = statSync(input);
  return `${mtimeMs} ${size}`;
}

function lock(file: string): boolean {
  const heldSince = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (Date.now() - heldSince > bundlesWithinMs) rmSync(file, { force: true });
  try {
    writeFileSync(file, "", { flag: "wx" });
    return true;
  } catch {
    return false;
  }
}

async function bundle(entry: string, external: readonly string[], folder: string, note: string): Promise<string> {
  const begun = Date.now();
  const { outputFiles, metafile } = await build({
    entryPoints: [entry],
    absWorkingDir: folder,
    write: false,
    metafile: true,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    conditions: ["@turnkeep/source"],
    plugins: [requires(external)],
    // A script, whose compiled form can be kept, has no `import`, and waits in functions alone.
    define: { "import.meta.url": "importMetaUrl" },
    banner: { js: "(async (require, importMetaUrl) => {" },
    footer: { js: "})" },
    logLevel: "error",
  });
  const [{ contents } = { contents: new Uint8Array() }] = outputFiles;
  const start = starter();
  const hash = createHash("sha256").update(contents).update(start).digest("hex").slice(0, 16);
  const file = join(folder, `.program-${basename(entry, ".ts")}-${hash}.cjs`);
  if (!existsSync(file)) {
    replace(`${file}.bundle`, contents);
    replace(file, start);
    removeOld(folder, basename(entry, ".ts"));
  }
  const read = Object.keys(metafile.inputs).filter((input) => !input.startsWith("required:"));
  const inputs = new Set(read.map((input) => resolve(folder, input)));
  // They say which file an import of a package means.
  for (const input of [...inputs]) {
    const top = /^(.*)\/src\//.exec(input)?.[1];
    if (top !== undefined && existsSync(`${top}/package.json`)) inputs.add(`${top}/package.json`);
  }
  const states = [...inputs, fileURLToPath(import.meta.url)].map((input) => [input, stateOf(input)]);
  const isStable = [...inputs].every((input) => statSync(input).mtimeMs < begun);
  if (isStable) replace(note, JSON.stringify({ file, inputs: Object.fromEntries(states) } satisfies Kept));
  return file;
}

/** What Node has itself, and what stays outside, is required where it is used. */
const requires = (external: readonly string[]): Plugin => ({
  name: "required",
  setup({ onResolve, onLoad }) {
    const isOutside = (path: string) =>
      isBuiltin(path) || external.some((name) => path === name || path.startsWith(`${name}/`));
    onResolve({ filter: /^[^./]/ }, ({ path, namespace }) => {
      if (!isOutside(path)) return undefined;
      return namespace === "required" ? { path, external: true } : { path, namespace: "required" };
    });
    onLoad({ filter: /./, namespace: "required" }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(path)})`,
      resolveDir: dirname(fileURLToPath(import.meta.url)),
    }));
  },
});

/** The program that runs the bundle beside it. */
function starter(): string {
  const entryPoints = [fileURLToPath(new URL("./start-bundle.ts", import.meta.url))];
  const { outputFiles } = buildSync({ entryPoints, write: false, platform: "node", format: "cjs", target: "node20" });
  return outputFiles[0]?.text ?? "";
}

/** At once: another process may read it, or write the same, at the same time. */
function replace(file: string, contents: Uint8Array | string): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, contents);
  renameSync(draft, file);
}

/** Bundles of the same program that sources of long ago gave. */
function removeOld(folder: string, name: string): void {
  for (const one of readdirSync(folder).filter((file) => file.startsWith(`.program-${name}-`))) {
    const { mtimeMs } = statSync(`${folder}/${one}`, { throwIfNoEntry: false }) ?? { mtimeMs: Date.now() };
    if (Date.now() - mtimeMs > keptMs) rmSync(`${folder}/${one}`, { force: true });
  }
}
