import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";

const main = fileURLToPath(new URL("../main.ts", import.meta.url));
const modules = fileURLToPath(new URL("../../node_modules", import.meta.url));

/** What a run of the program gave. */
export interface ProgramRun {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The program as it is shipped, built once, so that each run starts fast. */
export interface BuiltProgram {
  run(args: readonly string[], environment: Readonly<Record<string, string>>): Promise<ProgramRun>;
  remove(): Promise<void>;
}

/** Dependencies stay where the package that imports them finds them. */
const dependencies: Plugin = {
  name: "dependencies",
  setup(bundler) {
    bundler.onResolve({ filter: /^[^./]/ }, async ({ path, resolveDir, kind, pluginData }) => {
      if (pluginData === "asked" || /^(node:|@turnkeep\/)/.test(path)) return undefined;
      const found = await bundler.resolve(path, { resolveDir, kind, pluginData: "asked" });
      return found.path.startsWith("/") ? { path: found.path, external: true } : found;
    });
  },
};

/** Builds the program from its sources. */
export async function buildProgram(): Promise<BuiltProgram> {
  const folder = await mkdtemp(join(modules, ".turnkeep-"));
  await build({
    entryPoints: { main },
    outdir: folder,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    outExtension: { ".js": ".mjs" },
    conditions: ["@turnkeep/source"],
    plugins: [dependencies],
    logLevel: "error",
  });
  return {
    run: (args, environment) => runProgram(join(folder, "main.mjs"), args, environment),
    remove: () => rm(folder, { recursive: true }),
  };
}

function runProgram(
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<ProgramRun> {
  const { PATH = "" } = process.env;
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [program, ...args],
      { env: { PATH, ...environment }, maxBuffer: 64 * 1_048_576 },
      (_error, stdout, stderr) => resolve({ status: child.exitCode ?? -1, stdout, stderr }),
    );
    child.stdin?.end();
  });
}
