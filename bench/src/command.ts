import { defineCommand, parseArgs, renderUsage } from "citty";

const args = {
  only: { type: "string", description: "Run these rows alone, such as action,turn", valueHint: "ROW,…" },
  quick: { type: "boolean", description: "All rows in about two minutes: fewer sizes, shorter runs, fewer games" },
  json: { type: "boolean", description: "Print the result as JSON" },
  help: { type: "boolean", description: "Show this help" },
} as const;

const description = "Measures Turnkeep beside its limit and the usual design, in one run.";

const examples = `EXAMPLES

  npm run bench                        all rows
  npm run bench -- --quick             all rows, two minutes
  npm run bench -- --only action,turn  two of them
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
  readonly quick: boolean;
  /** `null`: all of them. */
  readonly only: readonly string[] | null;
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
  return { help: given.help === true, json: given.json === true, quick: given.quick === true, only };
}
