import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { temporaryFolder } from "../temp-folder.js";
import { bundleProgram } from "./bundle-program.js";

const folder = temporaryFolder("secret");
for (const name of ["src", "node_modules"]) mkdirSync(join(folder, name));

const write = (name: string, text: string) => writeFileSync(join(folder, "src", name), text);
let asked = 0;
/** As another process asks for it: this one knows its answers. */
const bundle = () => bundleProgram(new URL(`?${++asked}`, pathToFileURL(join(folder, "src/main.ts"))));
const run = (file: string, ...args: string[]) =>
  execFileSync(process.execPath, [file, ...args], { encoding: "utf8", stdio: "pipe" });

test("a program runs as its sources do, also from what was compiled before; a change of a source gives another", async () => {
  write("value.ts", "export const value: number = 42;\n");
  const imports = 'import { basename } from "node:path";\nimport { fileURLToPath } from "node:url";\n';
  const waits = 'const { value } = await import("./value.js");\n';
  write(
    "main.ts",
    `${imports}${waits}const at = fileURLToPath(new URL(".", import.meta.url));\nconsole.log(value, basename(at), ...process.argv.slice(2), "é");\n`,
  );
  const first = await bundle();
  for (const arg of ["one", "two"]) expect(run(first, arg)).toBe(`42 node_modules ${arg} é\n`);
  const same = await Promise.all([bundle(), bundle()]);
  expect(same).toEqual([first, first]);

  write("value.ts", "export const value: number = 43.5;\n");
  const second = await bundle();
  expect(basename(second)).not.toBe(basename(first));
  expect(run(second)).toBe("43.5 node_modules é\n");
});

test("a program that fails ends with status 1 and says why", async () => {
  write("main.ts", 'throw new Error("no way");\n');
  const failing = await bundle();
  expect(() => run(failing)).toThrow(/no way/);
});
