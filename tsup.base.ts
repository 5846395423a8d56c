import { defineConfig } from "tsup";

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

/** An application: one ESM program for Node; dependencies stay outside. */
export const app = (entry: Record<string, string>) =>
  defineConfig({ entry, format: ["esm"], dts: false, sourcemap: true, clean: true, target: "node20.19" });
