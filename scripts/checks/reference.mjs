import { readFileSync } from "node:fs";

/** What is published is in the reference, as its comments say now. */
export async function reference() {
  // On a bare machine, what it imports is installed only after this list of checks is read.
  const { indexFile, readReference } = await import("../lib/reference.mjs");
  const { index } = await readReference();
  if (index !== readFileSync(indexFile, "utf8")) throw new Error("docs/reference.md is not current: npm run docs");
}
