import { bootstrap, build } from "./bootstrap.mjs";
import { watchParent } from "./parent.mjs";
import { root } from "./paths.mjs";
import { CommandFailed, endOnSignals, endRunning, run } from "./run.mjs";
import { runMain } from "./user-error.mjs";

/**
 * Builds what the program needs and runs it with the arguments of this one, as this one's end.
 * @param {string} folder Folder of the program, whose `dist/main.js` is run.
 * @param {string[]} packages What is built: the program's own package, and those that it starts.
 * @param {string} [entry] Which of its programs.
 */
export const runProgram = (folder, packages, entry = "main") =>
  runMain(async () => {
    endOnSignals();
    watchParent(() => endRunning().finally(() => process.exit(1)));
    await bootstrap();
    await build(packages);
    try {
      await run(`${root}/${folder}/dist/${entry}.js`, process.argv.slice(2), { show: true });
      return 0;
    } catch (error) {
      if (error instanceof CommandFailed) return 1; // It has said what is not true.
      throw error;
    }
  });
