import * as z from "zod";
import { environmentName, type Settings, type SettingsShape } from "./given-settings.js";

/** One setting as help and README show it. */
export interface SettingLine {
  readonly name: string;
  /** `required`, `none` if it may be left out, else the default as JSON. */
  readonly fallback: string;
  readonly description: string;
}

export function settingLines(settings: SettingsShape): readonly SettingLine[] {
  return Object.entries(settings).map(([name, schema]) => ({
    name: environmentName(name),
    fallback: fallbackOf(schema),
    description: schema.description ?? "",
  }));
}

function fallbackOf(schema: z.ZodType): string {
  if (schema instanceof z.ZodOptional) return "none";
  if (!(schema instanceof z.ZodDefault)) return "required";
  const { defaultValue } = schema.def;
  return JSON.stringify(Array.isArray(defaultValue) ? defaultValue.join(",") : defaultValue);
}

const narrowestNames = 20;

/** All usual settings for the help of a program; the advanced ones too, or how many there are. */
export function settingsHelp({ usual, advanced }: Settings, withAdvanced: boolean): string {
  const more = withAdvanced
    ? ["", "ADVANCED SETTINGS, seldom changed", "", ...helpRows(advanced)]
    : ["", `${Object.keys(advanced).length} more are seldom changed: --help --advanced`];
  return ["SETTINGS, from the environment", "", ...helpRows(usual), ...more].join("\n");
}

function helpRows(settings: SettingsShape): readonly string[] {
  const lines = settingLines(settings);
  const width = Math.max(narrowestNames, ...lines.map(({ name }) => name.length));
  return lines.map(({ name, fallback, description }) => {
    const shown = fallback === "required" ? fallback : `default ${fallback}`;
    return `  ${name.padEnd(width)}  ${description} (${shown})`;
  });
}

/** The same lines as a table in Markdown, as a README shows it. */
export function settingsTable(settings: SettingsShape): string {
  const rows = settingLines(settings).map(({ name, fallback, description }) => {
    const shown = fallback === "required" || fallback === "none" ? fallback : `\`${fallback}\``;
    return `| \`${name}\` | ${shown} | ${description} |`;
  });
  return ["| variable | default | meaning |", "|---|---|---|", ...rows].join("\n");
}
