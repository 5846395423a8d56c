import { readdirSync } from "node:fs";
import { root } from "../lib/paths.mjs";

const notSource = new Set([".data", ".git", ".tools", ".turbo", "coverage", "dist", "generated", "node_modules"]);

/**
 * Files of this repository by relative path, without what is installed, built or generated.
 * @param {string} [folder]
 * @returns {string[]}
 */
export function sourceFiles(folder = "") {
  return readdirSync(`${root}/${folder}`, { withFileTypes: true }).flatMap((entry) => {
    if (notSource.has(entry.name)) return [];
    const path = `${folder}${entry.name}`;
    return entry.isDirectory() ? sourceFiles(`${path}/`) : entry.isFile() ? [path] : [];
  });
}
