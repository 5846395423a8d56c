// Matches between real clients while the server is killed, and the proof that nothing was lost.
import { bootstrap, build } from "./lib/bootstrap.mjs";
import { watchParent } from "./lib/parent.mjs";
import { root } from "./lib/paths.mjs";
import { CommandFailed, endOnSignals, endRunning, run } from "./lib/run.mjs";
import { runMain } from "./lib/user-error.mjs";

await runMain(async () => {
  endOnSignals();
  watchParent(() => endRunning().finally(() => process.exit(1)));
  await bootstrap();
  await build(["@turnkeep/demo", "@turnkeep/server", "@turnkeep/recovery-daemon"]);
  try {
    await run(`${root}/examples/demo/dist/main.js`, process.argv.slice(2), { show: true });
    return 0;
  } catch (error) {
    if (error instanceof CommandFailed) return 1; // It has said what is not true.
    throw error;
  }
});
