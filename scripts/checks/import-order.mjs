import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { root } from "../lib/paths.mjs";

const codeFolders = ["packages", "apps", "examples", "testing", "bench", "protocol", "scripts"];

/**
 * @typedef {{ rule: string, from: string, to: string }} Violation
 * @type {(baseDir: string, folders: string[]) => Promise<Violation[]>}
 */
async function violations(baseDir, folders) {
  const { cruise } = await import("dependency-cruiser");
  const { default: rules } = await import("../../.dependency-cruiser.mjs");
  const { options = {}, ...ruleSet } = /** @type {import("dependency-cruiser").IConfiguration} */ (rules);
  const { enhancedResolveOptions, ...cruiseOptions } = options;
  const found = await cruise(
    folders,
    { ...cruiseOptions, baseDir, validate: true, ruleSet },
    /** @type {import("dependency-cruiser").IResolveOptions} */ ({ ...enhancedResolveOptions }),
  );
  if (typeof found.output === "string") throw new Error(found.output);
  return found.output.summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to }));
}

/** No cycles, and no import against the order of the packages. */
export async function importOrder() {
  const found = await violations(root, codeFolders);
  if (found.length > 0) throw new Error(found.map(({ rule, from, to }) => `${rule}: ${from} → ${to}`).join("\n"));
}

/** One import a rule that must be refused: the file, what it imports, the rule that says no. */
const forbidden = /** @type {const} */ ([
  ["packages/core/src/a.ts", "./ports/a.js", "core-knows-no-port"],
  ["packages/core/src/b.ts", "../../game-state/src/index.js", "import-order:packages/core"],
  ["packages/core/src/c.ts", "ioredis", "core-depends-on-zod-alone"],
  ["packages/game-state/src/b.ts", "../../manager/src/index.js", "import-order:packages/game-state"],
  ["packages/game-state/src/c.ts", "ioredis", "core-depends-on-zod-alone"],
  ["packages/redis-cache/src/a.ts", "../../sql-store/src/index.js", "import-order:packages/redis-cache"],
  ["packages/sql-store/src/a.ts", "../../manager/src/index.js", "import-order:packages/sql-store"],
  ["packages/memory/src/a.ts", "../../conformance/src/index.js", "import-order:packages/memory"],
  ["packages/conformance/src/a.ts", "../../memory/src/index.js", "import-order:packages/conformance"],
  ["packages/manager/src/a.ts", "../../redis-cache/src/index.js", "import-order:packages/manager"],
  ["packages/manager/src/b.ts", "../../../testing/dev-services/src/index.js", "import-order:packages/manager"],
  ["packages/manager/src/c.ts", "ioredis", "redis-client"],
  ["packages/manager/src/d.ts", "sequelize", "postgres-client"],
  ["packages/manager/src/e.ts", "pg", "postgres-client"],
  ["packages/boardgame-io/src/a.ts", "../../memory/src/index.js", "import-order:packages/boardgame-io"],
  ["packages/api/src/a.ts", "../../manager/src/index.js", "import-order:packages/api"],
  ["packages/card-rules/src/a.ts", "../../manager/src/index.js", "import-order:packages/card-rules"],
  ["packages/operations/src/a.ts", "../../redis-cache/src/index.js", "import-order:packages/operations"],
  ["packages/service-kit/src/a.ts", "../../manager/src/index.js", "import-order:packages/service-kit"],
  ["packages/card-rules/src/b.ts", "../../service-kit/src/index.js", "import-order:packages/card-rules"],
  ["testing/dev-services/src/a.ts", "../../../packages/game-state/src/index.js", "import-order:testing/dev-services"],
  ["apps/server/src/a.ts", "../../../testing/dev-services/src/index.js", "import-order:apps/[^/]+"],
  ["apps/server/src/b.ts", "../../recovery-daemon/src/index.js", "apps-stand-alone"],
  ["examples/demo/src/a.ts", "../../../apps/server/src/index.js", "apps-stand-alone"],
  ["scripts/a.ts", "../packages/manager/src/index.js", "import-order:scripts"],
  ["bench/src/a.ts", "../../packages/memory/src/index.js", "import-order:bench"],
  ["packages/manager/src/h.ts", "../../../bench/src/index.js", "import-order:packages/manager"],
  ["packages/manager/src/f.ts", "./test/help.js", "tests-are-not-shipped"],
  ["packages/manager/src/write/up.ts", "../operations/high.js", "layers:packages/manager"],
  ["packages/manager/src/errors.ts", "./process/low.js", "layers:packages/manager"],
  ["packages/manager/src/g.ts", "./nowhere.js", "resolvable"],
  ["packages/manager/src/circle.ts", "./circle-2.js", "no-cycles"],
]);

/** What must be allowed, so that the rules do not bite everything. */
const allowed = [
  ["packages/manager/src/x.ts", "../../core/src/index.js"],
  ["packages/core/src/ports/a.ts", "../b.js"],
  ["packages/manager/src/operations/x.ts", "../process/low.js"],
  ["packages/manager/src/x.test.ts", "../../redis-cache/src/index.js"],
  ["packages/redis-cache/src/x.ts", "ioredis"],
  ["packages/sql-store/src/x.ts", "pg"],
  ["apps/server/src/x.ts", "../../../packages/redis-cache/src/index.js"],
  ["apps/server/src/y.ts", "./x.js"],
  ["apps/recovery-daemon/src/x.ts", "../../../packages/service-kit/src/index.js"],
  ["examples/demo/src/x.ts", "../../../packages/service-kit/src/index.js"],
];

/** A cycle is reported once, from any of its files. @type {(one: Violation, file: string) => boolean} */
const refers = ({ rule, from, to }, file) => from === file || (rule === "no-cycles" && to === file);

/** Shows by samples that the rules bite: a checker that passes everything would pass here as well. */
export async function importOrderBites() {
  const folder = mkdtempSync(join(tmpdir(), "turnkeep-imports-"));
  /** @type {(file: string, text: string) => void} */
  const write = (file, text) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  try {
    const packages = [
      "core",
      "game-state",
      "redis-cache",
      "sql-store",
      "memory",
      "conformance",
      "manager",
      "service-kit",
    ];
    for (const name of packages) write(`packages/${name}/src/index.ts`, "export const value = 1;\n");
    write("testing/dev-services/src/index.ts", "export const value = 1;\n");
    write("bench/src/index.ts", "export const value = 1;\n");
    write("protocol/a.mjs", "export const value = 1;\n");
    for (const app of ["server", "recovery-daemon"]) write(`apps/${app}/src/index.ts`, "export const value = 1;\n");
    write("packages/manager/src/test/help.ts", "export const value = 1;\n");
    write("packages/manager/src/operations/high.ts", "export const value = 1;\n");
    write("packages/manager/src/process/low.ts", "export const value = 1;\n");
    write("packages/manager/src/circle-2.ts", 'export { value } from "./circle.js";\n');
    for (const name of ["ioredis", "pg", "sequelize"]) {
      write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: "1.0.0", main: "index.js" }));
      write(`node_modules/${name}/index.js`, "exports.value = 1;\n");
    }
    for (const [file, target] of [...forbidden, ...allowed]) write(file, `export { value } from "${target}";\n`);
    const found = await violations(folder, codeFolders);
    const missed = forbidden.filter(([file, , rule]) => !found.some((one) => one.rule === rule && refers(one, file)));
    const wrong = found.filter(({ from }) => allowed.some(([file]) => file === from));
    const problems = [
      ...missed.map(([file, target, rule]) => `not refused by ${rule}: ${file} → ${target}`),
      ...wrong.map(({ from, to, rule }) => `refused by ${rule} though allowed: ${from} → ${to}`),
    ];
    if (problems.length > 0) throw new Error(problems.join("\n"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
