// Every fault under load, on own stores, and the judge's table. `npm run faults -- --help` tells what can be chosen.
import { bootstrap, build } from "./lib/bootstrap.mjs";
import { watchParent } from "./lib/parent.mjs";
import { root } from "./lib/paths.mjs";
import { CommandFailed, endOnSignals, endRunning, run } from "./lib/run.mjs";
import { runMain } from "./lib/user-error.mjs";

await runMain(async () => {
  endOnSignals();
  watchParent(() => endRunning().finally(() => process.exit(1)));
  await bootstrap();
  await build(["@turnkeep/faults"]);
  try {
    await run(`${root}/faults/dist/main.js`, process.argv.slice(2), { show: true });
    return 0;
  } catch (error) {
    if (error instanceof CommandFailed) return 1; // Its table has said what is broken.
    throw error;
  }
});
