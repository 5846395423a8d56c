import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig, type Options } from "tsup";

const atTop = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * The declarations of each entry: the native compiler writes them, unchecked (a check is a step of its own), and tsup joins
 * them. By itself tsup takes four times as long. Who only runs the programs needs none: BUILD_TYPES=no leaves them out.
 */
function declarations(entry: Record<string, string>): { entry: Record<string, string> } | false {
  if (process.env.BUILD_TYPES === "no") return false;
  const folder = mkdtempSync(join(tmpdir(), "turnkeep-types-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const project = {
    extends: atTop("tsconfig.base.json"),
    files: Object.values(entry).map((file) => resolve(file)),
    compilerOptions: {
      customConditions: ["@turnkeep/source"],
      typeRoots: [atTop("node_modules/@types")],
      noCheck: true,
      noEmit: false,
      declaration: true,
      emitDeclarationOnly: true,
      rootDir: resolve("src"),
      outDir: folder,
    },
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(project));
  execFileSync(atTop("node_modules/typescript-native/bin/tsc"), ["-p", folder], { stdio: "inherit" });
  const declared = (file: string) => join(folder, file.replace(/^src\//, "").replace(/\.ts$/, ".d.ts"));
  return { entry: Object.fromEntries(Object.entries(entry).map(([name, file]) => [name, declared(file)])) };
}

/** A published package: ESM and CommonJS with types; dependencies stay outside. */
export const library = (entry: Record<string, string>) =>
  defineConfig({
    entry,
    format: ["esm", "cjs"],
    dts: declarations(entry),
    sourcemap: true,
    clean: true,
    target: "node20.19",
    treeshake: true,
  });

/**
 * A package that browsers load too. As ESM each module stays a file of its own: a bundler, which knows that no module has
 * side effects, takes those that are used and leaves the others. `entry` is what can be imported, at its path in `src`.
 */
export const browserLibrary = (entry: Record<string, string>) => {
  rmSync("dist", { recursive: true, force: true });
  const modules = ["src/**/*.ts", "!src/**/*.test.ts", "!src/**/testing/**"];
  const shared = { dts: declarations(entry), sourcemap: true, target: "node20.19" } as const;
  return defineConfig([
    { ...shared, entry: modules, bundle: false, format: ["esm"] },
    { ...shared, entry, format: ["cjs"], treeshake: true },
  ]);
};

/** An application: one ESM program for Node; dependencies stay outside. */
export const app = (entry: Record<string, string>, more: Options = {}) =>
  defineConfig({ entry, format: ["esm"], dts: false, sourcemap: true, clean: true, target: "node20.19", ...more });
