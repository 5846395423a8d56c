import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { readResult, standardFile } from "./bench-result.js";
import { reportOf } from "./report.js";

const top = fileURLToPath(new URL("../../../", import.meta.url));

test("docs/performance.md and its plots are what the command makes of the committed result", () => {
  const files = reportOf(readResult(`${top}${standardFile}`), standardFile);
  for (const { path, text } of files) expect(readFileSync(`${top}${path}`, "utf8"), path).toBe(text);
  const plots = files.flatMap(({ path }) => (path.endsWith(".svg") ? [path.slice("docs/performance/".length)] : []));
  expect(readdirSync(`${top}docs/performance`).sort()).toEqual(plots.sort());
});
