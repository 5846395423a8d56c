import type { Finding } from "./check.js";

const shownFailures = 5;

/** The findings as a table, then what breaks each, the first five and how many more. */
export function reportTable(findings: readonly Finding[], colour: boolean): string {
  const paint = (code: number, text: string) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  const width = Math.max(...findings.map(({ name }) => name.length));
  const counts = Math.max(...findings.map(({ found }) => String(found).length));
  const wants = Math.max(...findings.map(({ wanted }) => wanted.length));
  const rows = findings.map(({ name, found, wanted, ok }) => {
    const verdict = ok ? paint(32, "ok") : paint(31, "FAILED");
    return `  ${name.padEnd(width)}  ${String(found).padStart(counts)}  ${wanted.padEnd(wants)}  ${verdict}`;
  });
  const failures = findings.flatMap(({ name, failures: reasons }) => [
    ...reasons.slice(0, shownFailures).map((reason) => `  ${name}: ${reason}`),
    ...(reasons.length > shownFailures ? [`  ${name}: and ${reasons.length - shownFailures} more`] : []),
  ]);
  return [...rows, ...(failures.length > 0 ? ["", ...failures] : [])].join("\n");
}
