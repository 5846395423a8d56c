import { defineCommand, parseArgs, renderUsage } from "citty";

const args = {
  fault: { type: "string", description: "Run this row only; a name of the table", valueHint: "NAME" },
  seed: { type: "string", description: "Repeats workload and fault plan (default 1)", valueHint: "N" },
  minutes: {
    type: "string",
    description: "Repeat the rows, seed after seed, for so long (default: once)",
    valueHint: "N",
  },
  "allow-skip": { type: "boolean", description: "A row that cannot run on this machine does not fail" },
  naive: { type: "boolean", description: "Put the naive design under fire instead: the judge has to catch it" },
  json: { type: "boolean", description: "Print the results as JSON" },
  help: { type: "boolean", description: "Show this help" },
} as const;

export const helpText = (): Promise<string> =>
  renderUsage(
    defineCommand({
      meta: { name: "npm run faults --", description: "Injects faults under load, and judges what was promised." },
      args,
    }),
  );

export interface Wish {
  readonly help: boolean;
  readonly json: boolean;
  readonly naive: boolean;
  readonly allowSkip: boolean;
  readonly fault: string | null;
  readonly seed: number;
  /** 0: each row once. */
  readonly minutes: number;
}

/** @throws RangeError that says what was not understood */
export function parseWish(rawArgs: readonly string[], names: readonly string[]): Wish {
  const given = parseArgs<typeof args>([...rawArgs], args);
  const known = new Set([...Object.keys(args), "_", "allowSkip"]);
  const strangers = [
    ...given._,
    ...Object.keys(given)
      .filter((name) => !known.has(name))
      .map((name) => `--${name}`),
  ];
  if (strangers.length > 0) throw new RangeError(`not understood: ${strangers.join(" ")}; try --help`);
  const fault = given.fault ?? null;
  if (fault !== null && !names.includes(fault)) {
    throw new RangeError(`there is no fault ${fault}; there are: ${names.join(", ")}`);
  }
  return {
    help: given.help === true,
    json: given.json === true,
    naive: given.naive === true,
    allowSkip: given["allow-skip"] === true,
    fault,
    seed: whole("seed", given.seed ?? "1"),
    minutes: whole("minutes", given.minutes ?? "0"),
  };
}

function whole(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new RangeError(`--${name} takes a whole number`);
}
