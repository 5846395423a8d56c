import { defineConfig } from "tsup";

/** A published package: ESM and CommonJS with types; dependencies stay outside. */
export const library = (entry: Record<string, string>) =>
  defineConfig({
    entry,
    format: ["esm", "cjs"],
    dts: true,
    sourcemap: true,
    clean: true,
    target: "node20.19",
    treeshake: true,
  });

/** An application: one ESM program for Node; dependencies stay outside. */
export const app = (entry: Record<string, string>) =>
  defineConfig({ entry, format: ["esm"], dts: false, sourcemap: true, clean: true, target: "node20.19" });
