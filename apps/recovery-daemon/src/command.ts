import { settingsHelp } from "@turnkeep/service-kit";
import { defineCommand, parseArgs, renderUsage } from "citty";
import { version } from "../package.json";
import { settings } from "./config.js";

const args = {
  once: { type: "boolean", description: "Do every task once, print a summary, exit with 0 if all went well, else 1" },
  json: { type: "boolean", description: "With --once: print the summary as JSON" },
  help: { type: "boolean", description: "Show this help" },
  version: { type: "boolean", description: "Show the version" },
} as const;

const command = defineCommand({
  meta: {
    name: "turnkeep-recovery-daemon",
    version,
    description: "Brings live games back, flushes leftovers, finishes endings, enforces deadlines, expires idle games.",
  },
  args,
});

export async function helpText(): Promise<string> {
  return `${await renderUsage(command)}\n${settingsHelp(settings)}\n`;
}

export function versionText(): string {
  return `${version}\n`;
}

/** What was asked for on the command line; everything else comes from the environment. */
export interface Wish {
  readonly kind: "watch" | "once" | "help" | "version" | "unknown";
  readonly json: boolean;
  /** What was said and is not known; then nothing is done. */
  readonly unknown: readonly string[];
}

export function parseWish(rawArgs: readonly string[]): Wish {
  const { _: positionals, ...given } = parseArgs<typeof args>([...rawArgs], args);
  const strangers = Object.keys(given).filter((name) => !(name in args));
  const unknown = [...positionals, ...strangers.map((name) => `--${name}`)];
  const json = given.json === true;
  if (unknown.length > 0) return { kind: "unknown", json, unknown };
  if (given.help) return { kind: "help", json, unknown };
  if (given.version) return { kind: "version", json, unknown };
  if (given.once) return { kind: "once", json, unknown };
  return json ? { kind: "unknown", json, unknown: ["--json without --once"] } : { kind: "watch", json, unknown };
}
