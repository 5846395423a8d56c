// Every check and every test, on real servers. `npm test -- <filter>` runs the tests that match, without the checks.
import { bootstrap } from "./lib/bootstrap.mjs";
import { checks, generate, runChecks } from "./lib/check-list.mjs";
import { watchParent } from "./lib/parent.mjs";
import { endOnSignals, endRunning } from "./lib/run.mjs";
import { UserError } from "./lib/user-error.mjs";
import { runVitest } from "./lib/vitest.mjs";

const filters = process.argv.slice(2);
let passed = 0;
let failed = 0;

/** @param {{ passed: number, failed: number }} part */
const add = (part) => {
  passed += part.passed;
  failed += part.failed;
};

endOnSignals();
watchParent(() => endRunning().finally(() => process.exit(1)));
try {
  await bootstrap();
  await generate();
  if (filters.length === 0) add(await runChecks(checks()));
  add(await runVitest(filters));
} catch (error) {
  failed += 1;
  console.error(error instanceof UserError ? error.message : error);
}
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
console.log(`${passed} passed, ${failed} failed`);
