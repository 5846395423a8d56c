import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { constants, Script } from "node:vm";

/*
 * What `bundleProgram` returns: it runs the bundle beside it. The first process that ends by itself keeps what V8 has
 * compiled, which spares each later one half of its start.
 */
const [, file = ""] = process.argv;
const bundle = `${file}.bundle`;
const kept = `${file}.compiled`;

const cachedData = existsSync(kept) ? readFileSync(kept) : undefined;
const script = new Script(readFileSync(bundle, "latin1"), {
  filename: bundle,
  cachedData,
  importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
});
if (cachedData === undefined || script.cachedDataRejected) {
  process.once("exit", () => {
    // Another process may write the same at the same time.
    writeFileSync(`${kept}.${process.pid}`, script.createCachedData());
    renameSync(`${kept}.${process.pid}`, kept);
  });
}
const program: (require: NodeJS.Require, importMetaUrl: string) => void = script.runInThisContext();
program(createRequire(file), pathToFileURL(file).href);
