// Checks the model of the protocol: every row of the table, or those named. Each is an exhaustive search, and must end
// as the table says: it holds, or it breaks, where a mechanism is left out.
import { availableParallelism } from "node:os";
import { checkRow } from "./check-row.mjs";
import { rows } from "./rows.mjs";
import { provideToolchain } from "./toolchain.mjs";

const names = process.argv.slice(2);
const unknown = names.filter((name) => !rows.some((row) => row.name === name));
const asked = rows.filter(({ name }) => names.length === 0 || names.includes(name));
const stop = new AbortController();
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
  process.once(signal, () => {
    stop.abort();
    process.exitCode = 130;
  });
}

let passed = 0;
let failed = unknown.length;
for (const name of unknown) console.log(`FAILED  ${name}: there is no such row`);

/** @type {(row: import("./rows.mjs").Row, result: import("./check-row.mjs").Result) => void} */
function tell({ name, expected }, { verdict, states, seconds, why }) {
  const ok = verdict === expected;
  if (ok) passed += 1;
  else failed += 1;
  const outcome = `${verdict.padEnd(10)} ${String(states).padStart(9)} states ${seconds.toFixed(1).padStart(6)} s`;
  console.log(`${ok ? "ok" : "FAILED"}`.padEnd(8) + name.padEnd(26) + outcome);
  if (!ok) console.log(`        expected: ${expected}. ${why}`);
}

try {
  const toolchain = await provideToolchain();
  // A search takes up to 6 GB, and one core.
  const waiting = [...asked];
  const work = async () => {
    for (let row = waiting.shift(); row !== undefined && !stop.signal.aborted; row = waiting.shift()) {
      tell(row, await checkRow(row, toolchain, stop.signal));
    }
  };
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, work));
} catch (error) {
  failed += Math.max(1, asked.length - passed);
  console.error(error instanceof Error ? error.message : error);
}
if (failed > 0 || passed === 0) process.exitCode ||= 1;
console.log(`${passed} passed, ${failed} failed`);
