import { defineCommand, parseArgs, renderUsage } from "citty";

const args = {
  scenario: { type: "string", description: "Run only this scenario, such as redis-killed", valueHint: "NAME" },
  seed: { type: "string", description: "Repeat the workload and the fault of this seed (default 1)", valueHint: "N" },
  minutes: {
    type: "string",
    description: "Repeat the scenarios with seeds N, N + 1, … for so long (default: each once)",
    valueHint: "N",
  },
  "allow-skip": { type: "boolean", description: "Do not fail if this machine cannot run a scenario" },
  naive: { type: "boolean", description: "Test the naive design instead; the checker has to find what it breaks" },
  json: { type: "boolean", description: "Print the results as JSON" },
  help: { type: "boolean", description: "Show this help" },
} as const;

const description = "Injects faults under load, and checks that every promise was kept.";

/** @param names of all scenarios */
export async function helpText(names: readonly string[]): Promise<string> {
  const usage = await renderUsage(defineCommand({ meta: { name: "npm run faults --", description }, args }));
  return `${usage}\nSCENARIOS\n\n  ${names.join("\n  ")}\n`;
}

export interface FaultOptions {
  readonly help: boolean;
  readonly json: boolean;
  readonly naive: boolean;
  readonly allowSkip: boolean;
  /** `null`: all of them. */
  readonly scenario: string | null;
  readonly seed: number;
  /** 0: each scenario once. */
  readonly minutes: number;
}

/**
 * @param names of all scenarios
 * @throws RangeError that says what was not understood
 */
export function parseOptions(rawArgs: readonly string[], names: readonly string[]): FaultOptions {
  const given = parseArgs<typeof args>([...rawArgs], args);
  const known = new Set([...Object.keys(args), "_", "allowSkip"]);
  const unknown = [
    ...given._,
    ...Object.keys(given)
      .filter((name) => !known.has(name))
      .map((name) => `--${name}`),
  ];
  if (unknown.length > 0) throw new RangeError(`not understood: ${unknown.join(" ")}; try --help`);
  const scenario = given.scenario ?? null;
  if (scenario !== null && !names.includes(scenario)) {
    throw new RangeError(`there is no scenario ${scenario}; there are: ${names.join(", ")}`);
  }
  return {
    help: given.help === true,
    json: given.json === true,
    naive: given.naive === true,
    allowSkip: given["allow-skip"] === true,
    scenario,
    seed: whole("seed", given.seed ?? "1"),
    minutes: whole("minutes", given.minutes ?? "0"),
  };
}

function whole(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new RangeError(`--${name} takes a whole number`);
}
