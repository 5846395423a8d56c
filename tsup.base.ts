import { rmSync } from "node:fs";
import { defineConfig, type Options } from "tsup";

/** Declarations take most of a build's time, and who only runs the programs needs none: BUILD_TYPES=no leaves them out. */
const dts = process.env.BUILD_TYPES !== "no";

/** A published package: ESM and CommonJS with types; dependencies stay outside. */
export const library = (entry: Record<string, string>) =>
  defineConfig({
    entry,
    format: ["esm", "cjs"],
    dts,
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
  const shared = { dts: dts && { entry }, sourcemap: true, target: "node20.19" } as const;
  return defineConfig([
    { ...shared, entry: modules, bundle: false, format: ["esm"] },
    { ...shared, entry, format: ["cjs"], treeshake: true },
  ]);
};

/** An application: one ESM program for Node; dependencies stay outside. */
export const app = (entry: Record<string, string>, more: Options = {}) =>
  defineConfig({ entry, format: ["esm"], dts: false, sourcemap: true, clean: true, target: "node20.19", ...more });
