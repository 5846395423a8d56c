// Builds every package and program, with types.
import { bootstrap, build } from "./lib/bootstrap.mjs";
import { watchParent } from "./lib/parent.mjs";
import { endOnSignals, endRunning } from "./lib/run.mjs";
import { runMain } from "./lib/user-error.mjs";

await runMain(async () => {
  endOnSignals();
  watchParent(() => endRunning().finally(() => process.exit(1)));
  await bootstrap();
  await build([], { types: true });
  return 0;
});
