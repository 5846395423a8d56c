import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import {
  ConfigError,
  type Environment,
  environmentName,
  type SettingsShape,
  settingLines,
} from "@turnkeep/service-kit";
import { type Command, Option } from "commander";
import type { Host } from "./host.js";

const fileFlag = "settingsFile";

/** Where a setting comes from. */
export type Origin = "flag" | "environment" | "file" | "default";

/** The texts of the settings that are given, by variable, and where each comes from. */
export interface GivenTexts {
  readonly environment: Environment;
  originOf(setting: string): Origin;
}

/** Lets a command take these settings as flags: `databaseUrl` as `--database-url`; and a file that holds settings. */
export function addSettingsFlags<Given extends Command>(command: Given, settings: SettingsShape): Given {
  const group = "Settings (a flag, else the environment, else the file, else the default):";
  const file = new Option(
    "--settings-file <file>",
    "a file of lines such as DATABASE_URL=postgres://… [TURNKEEP_SETTINGS_FILE]",
  );
  command.addOption(file.helpGroup(group));
  for (const { name, fallback, description } of settingLines(settings)) {
    const shown = fallback === "required" || fallback === "none" ? "" : ` (default ${fallback})`;
    command.addOption(new Option(`--${flagName(name)} <value>`, `${description}${shown} [${name}]`).helpGroup(group));
  }
  return command;
}

/** `DATABASE_URL` → `database-url` */
const flagName = (variable: string): string => variable.toLowerCase().replaceAll("_", "-");

/**
 * What is given to a command that takes settings as flags.
 * @throws ConfigError if there is a file that cannot be read
 */
export function givenTexts(options: Readonly<Record<string, unknown>>, host: Pick<Host, "environment">): GivenTexts {
  const path = options[fileFlag] ?? host.environment.TURNKEEP_SETTINGS_FILE;
  const file: Environment = typeof path === "string" && path !== "" ? readSettingsFile(path) : {};
  const flags = Object.fromEntries(
    Object.entries(options).flatMap(([name, value]) =>
      typeof value === "string" ? [[environmentName(name), value]] : [],
    ),
  );
  const layers = [
    ["flag", flags],
    ["environment", host.environment],
    ["file", file],
  ] as const;
  const has = (given: Environment, variable: string) => given[variable] !== undefined && given[variable] !== "";
  const names = new Set(layers.flatMap(([, given]) => Object.keys(given)));
  const first = (variable: string) => layers.find(([, given]) => has(given, variable));
  return {
    environment: Object.fromEntries([...names].map((variable) => [variable, first(variable)?.[1][variable]])),
    originOf: (setting) => first(environmentName(setting))?.[0] ?? "default",
  };
}

function readSettingsFile(path: string): Environment {
  try {
    return parseEnv(readFileSync(path, "utf8"));
  } catch {
    throw new ConfigError(`the file ${path} cannot be read`);
  }
}
