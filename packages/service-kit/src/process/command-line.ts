import { parseArgs } from "node:util";
import type { Settings } from "../settings/given-settings.js";
import { settingsHelp } from "../settings/settings-help.js";

/** A program as its command line knows it. */
export interface Program<Flag extends string = never> {
  readonly name: string;
  readonly version: string;
  /** One sentence for the head of its help. */
  readonly description: string;
  /** Flags of its own, with what each does. */
  readonly flags: Readonly<Record<Flag, string>>;
  readonly settings: Settings;
}

/** What the command line asks for; everything else comes from the environment. */
export type Command<Flag extends string = never> =
  | { readonly kind: "run"; readonly flags: ReadonlySet<Flag> }
  | { readonly kind: "print"; readonly text: string }
  | { readonly kind: "refuse"; readonly text: string };

const commonFlags = {
  help: "show this help",
  advanced: "with --help: also show the settings that are seldom changed",
  version: "show the version",
};

/** Reads the command line. If anything is unknown, nothing is done. */
export function readCommandLine<Flag extends string>(program: Program<Flag>, args: readonly string[]): Command<Flag> {
  const flags: Readonly<Record<string, string>> = { ...program.flags, ...commonFlags };
  const options = Object.fromEntries(Object.keys(flags).map((flag) => [flag, { type: "boolean" as const }]));
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true });
  const unknown = tokens.flatMap((token) => {
    if (token.kind === "option-terminator") return ["--"];
    if (token.kind === "positional") return [token.value];
    const isKnown = Object.hasOwn(flags, token.name) && token.value === undefined && token.rawName.startsWith("--");
    return isKnown ? [] : [token.rawName];
  });
  const given = new Set(tokens.flatMap((token) => (token.kind === "option" ? [token.name] : [])));
  if (unknown.length > 0) return refuse(unknown.join(" "));
  if (given.has("advanced") && !given.has("help")) return refuse("--advanced without --help");
  if (given.has("help")) return { kind: "print", text: helpText(program, flags, given.has("advanced")) };
  if (given.has("version")) return { kind: "print", text: `${program.version}\n` };
  return { kind: "run", flags: given as ReadonlySet<string> as ReadonlySet<Flag> };
}

/** For a command line that the program cannot follow. */
function refuse(what: string): { readonly kind: "refuse"; readonly text: string } {
  return { kind: "refuse", text: `not understood: ${what}\nsee --help\n` };
}

function helpText(
  { name, version, description, settings }: Program<string>,
  flags: Readonly<Record<string, string>>,
  advanced: boolean,
): string {
  const width = Math.max(...Object.keys(flags).map((flag) => flag.length));
  const rows = Object.entries(flags).map(([flag, does]) => `  --${flag.padEnd(width)}  ${does}`);
  return [
    `${name} ${version}: ${description}`,
    "",
    "OPTIONS",
    "",
    ...rows,
    "",
    settingsHelp(settings, advanced),
    "",
  ].join("\n");
}
