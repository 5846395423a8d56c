// Every check that needs no server.
import { bootstrap } from "./lib/bootstrap.mjs";
import { checks, generate, runChecks } from "./lib/check-list.mjs";
import { endOnSignals } from "./lib/run.mjs";
import { runMain } from "./lib/user-error.mjs";

await runMain(async () => {
  endOnSignals();
  await bootstrap();
  await generate();
  const { passed, failed } = await runChecks(checks());
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
});
