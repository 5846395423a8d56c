import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./paths.mjs";
import { CommandFailed, run } from "./run.mjs";

/**
 * Runs the tests, never from a cache. A file that cannot be loaded, a skipped test and a crash of the
 * runner each count as failed.
 * @param {readonly string[]} args Passed on, e.g. a filter.
 * @returns {Promise<{ passed: number, failed: number }>}
 */
export async function runVitest(args) {
  const folder = mkdtempSync(join(tmpdir(), "turnkeep-tests-"));
  const outcome = join(folder, "outcome.json");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${outcome}`];
  let ended = "";
  try {
    await run(`${root}/node_modules/vitest/vitest.mjs`, ["run", ...reporters, ...args], { show: true });
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    ended = error.message;
  }
  try {
    return count(JSON.parse(readFileSync(outcome, "utf8")), { ended, filtered: args.length > 0 });
  } catch {
    return { passed: 0, failed: 1 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number,
 *   testResults: { status: string, assertionResults: { status: string }[] }[] }} outcome
 * @param {{ ended: string, filtered: boolean }} run
 */
function count(outcome, { ended, filtered }) {
  const brokenFiles = outcome.testResults.filter(
    ({ status, assertionResults }) => status === "failed" && !assertionResults.some((one) => one.status === "failed"),
  ).length;
  const skipped = filtered ? 0 : outcome.numPendingTests + outcome.numTodoTests;
  const failed = outcome.numFailedTests + brokenFiles + skipped;
  return { passed: outcome.numPassedTests, failed: failed === 0 && ended !== "" ? 1 : failed };
}
