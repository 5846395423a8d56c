import * as z from "zod";
import { environmentName, type SettingsSchema } from "./given-settings.js";

/** One setting as help and README show it. */
export interface SettingLine {
  readonly name: string;
  /** `required`, `none` where it may be left out, else the default as JSON. */
  readonly fallback: string;
  readonly description: string;
}

export function settingLines(settings: SettingsSchema): readonly SettingLine[] {
  return Object.entries(settings.def.innerType.shape).map(([name, schema]) => ({
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

export function settingsHelp(settings: SettingsSchema): string {
  const lines = settingLines(settings);
  const width = Math.max(narrowestNames, ...lines.map(({ name }) => name.length));
  const rows = lines.map(({ name, fallback, description }) => {
    const shown = fallback === "required" ? fallback : `default ${fallback}`;
    return `  ${name.padEnd(width)}  ${description} (${shown})`;
  });
  return ["SETTINGS, from the environment", "", ...rows].join("\n");
}
