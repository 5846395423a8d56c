import { readFileSync } from "node:fs";
import { indexFile, readReference } from "../lib/reference.mjs";

/** What is published is in the reference, as its comments say now. */
export async function reference() {
  const { index } = await readReference();
  if (index !== readFileSync(indexFile, "utf8")) throw new Error("docs/reference.md is not current: npm run docs");
}
