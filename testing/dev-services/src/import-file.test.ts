import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "./temp-folder.js";

const paths = new URL("../../../scripts/lib/paths.mjs", import.meta.url).href;

/** Without vitest, which would resolve the import by rules of its own. */
const program = `
  const { importFile } = await import(process.argv[1]);
  console.log((await importFile(process.argv[2])).value);`;

test.each(["a #1", "50% off", "a%20b", "who?", "plain"])("a script imports modules from a folder named %s", (name) => {
  const folder = join(temporaryFolder("secret"), name);
  mkdirSync(folder);
  writeFileSync(join(folder, "module.mjs"), "export const value = 42;\n");
  const args = ["--input-type=module", "--eval", program, paths, join(folder, "module.mjs")];
  expect(execFileSync(process.execPath, args, { encoding: "utf8" })).toBe("42\n");
});
