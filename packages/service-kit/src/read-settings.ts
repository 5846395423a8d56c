import type * as z from "zod";
import { type Environment, environmentName, givenSettings, type SettingsSchema } from "./given-settings.js";

/** What is wrong with the environment, one line a problem; never with the values, which may hold secrets. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/**
 * Reads the settings, frozen. An empty variable counts as absent.
 * @param contradictions says what single settings cannot, from the names of those that are given; a line a problem
 * @throws ConfigError with every problem
 */
export function readSettings<Schema extends SettingsSchema>(
  settings: Schema,
  environment: Environment,
  contradictions: (given: ReadonlySet<string>) => readonly string[] = () => [],
): z.infer<Schema> {
  const names = Object.keys(settings.def.innerType.shape);
  const given = givenSettings(Object.fromEntries(names.map((name) => [name, environmentName(name)])), environment);
  const parsed = settings.safeParse(Object.fromEntries(given));
  const complaints = (parsed.error?.issues ?? []).map((issue) => {
    const name = String(issue.path[0]);
    return `${environmentName(name)}: ${given.has(name) ? issue.message : "is required"}`;
  });
  complaints.push(...contradictions(new Set(given.keys())));
  if (parsed.success && complaints.length === 0) return parsed.data;
  throw new ConfigError(complaints.join("\n"));
}
