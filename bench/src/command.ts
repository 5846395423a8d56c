import { defineCommand, parseArgs, renderUsage } from "citty";

const args = {
  only: { type: "string", description: "Run these rows alone, such as action,turn", valueHint: "ROW,…" },
  growth: { type: "boolean", description: "The rows that show how things grow, which take as long again" },
  quick: { type: "boolean", description: "All rows in about two minutes: fewer sizes, shorter runs, fewer games" },
  save: { type: "string", description: "Keep the result in this file; other rows in it stay", valueHint: "FILE" },
  compare: {
    type: "string",
    description: "Fail if a ratio has fallen by more than a quarter since this result",
    valueHint: "FILE",
  },
  report: {
    type: "string",
    description: "Measure nothing; write docs/performance.md from this file",
    valueHint: "FILE",
  },
  capacity: { type: "string", description: "Measure nothing; say what --mix needs by this file", valueHint: "FILE" },
  mix: {
    type: "string",
    description: "Such as games=1000000,actionsPerSecond=33000,turnShare=0.33,gamesPerDay=5000000",
  },
  json: { type: "boolean", description: "Print the result as JSON" },
  help: { type: "boolean", description: "Show this help" },
} as const;

const description = "Measures Turnkeep beside its limit and the usual design, in one run.";

const examples = `EXAMPLES

  npm run bench                        all rows but those of growth
  npm run bench -- --growth            those of growth
  npm run bench -- --quick             all rows, two minutes
  npm run bench -- --only action,turn  two of them
  npm run bench -- --save bench/results/standard.json       and keep what was measured
  npm run bench -- --report bench/results/standard.json     write docs/performance.md and its plots
  npm run bench -- --compare bench/results/standard.json    name each ratio that has fallen by more than a quarter
`;

/** @param rows names of all rows, with what they measure */
export async function helpText(rows: readonly (readonly [name: string, title: string])[]): Promise<string> {
  const usage = await renderUsage(defineCommand({ meta: { name: "npm run bench --", description }, args }));
  const lines = rows.map(([name, title]) => `  ${name.padEnd(14)} ${title}`);
  return `${usage}\nROWS\n\n${lines.join("\n")}\n\n${examples}`;
}

export interface BenchOptions {
  readonly help: boolean;
  readonly json: boolean;
  readonly growth: boolean;
  readonly quick: boolean;
  /** `null`: all of them. */
  readonly only: readonly string[] | null;
  readonly save: string | null;
  readonly compare: string | null;
  readonly report: string | null;
  readonly capacity: string | null;
  readonly mix: string;
}

/**
 * @param rows names of all rows
 * @throws RangeError that says what was not understood
 */
export function parseOptions(rawArgs: readonly string[], rows: readonly string[]): BenchOptions {
  const given = parseArgs<typeof args>([...rawArgs], args);
  const known = new Set([...Object.keys(args), "_"]);
  const unknown = [
    ...given._,
    ...Object.keys(given)
      .filter((name) => !known.has(name))
      .map((name) => `--${name}`),
  ];
  if (unknown.length > 0) throw new RangeError(`not understood: ${unknown.join(" ")}; try --help`);
  const only = given.only === undefined ? null : given.only.split(",").filter(Boolean);
  for (const name of only ?? []) {
    if (!rows.includes(name)) throw new RangeError(`there is no row ${name}; there are: ${rows.join(", ")}`);
  }
  return {
    help: given.help === true,
    json: given.json === true,
    growth: given.growth === true,
    quick: given.quick === true,
    only,
    save: given.save || null,
    compare: given.compare || null,
    report: given.report || null,
    capacity: given.capacity || null,
    mix: given.mix ?? "",
  };
}
