import * as z from "zod";
import { type Environment, environmentName, givenSettings, type Settings } from "./given-settings.js";
import { misspeltSettings } from "./misspelt-settings.js";

/** What is wrong with the environment, one line a problem; never with the values, which may hold secrets. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/** A program's settings as they were read. */
export type ConfigOf<All extends Settings> = Readonly<z.infer<z.ZodObject<All["usual"] & All["advanced"]>>>;

/**
 * Reads the settings, frozen. An empty variable counts as absent.
 * @param contradictions finds what is wrong between settings, from the names of those that are given; a line a problem
 * @throws ConfigError with every problem
 */
export function readSettings<All extends Settings>(
  { usual, advanced }: All,
  environment: Environment,
  contradictions: (given: ReadonlySet<string>) => readonly string[] = () => [],
): ConfigOf<All> {
  const shape: All["usual"] & All["advanced"] = { ...usual, ...advanced };
  const names = Object.keys(shape);
  const given = givenSettings(Object.fromEntries(names.map((name) => [name, environmentName(name)])), environment);
  const parsed = z.object(shape).readonly().safeParse(Object.fromEntries(given));
  const misspelt = misspeltSettings({ usual, advanced }, environment);
  const hint = (name: string) => {
    const found = misspelt.find(({ meant }) => meant === environmentName(name));
    return found === undefined ? "" : `; ${found.variable} is given and no setting`;
  };
  const complaints = (parsed.error?.issues ?? []).map((issue) => {
    const name = String(issue.path[0]);
    return `${environmentName(name)}: ${given.has(name) ? issue.message : `is required${hint(name)}`}`;
  });
  complaints.push(...contradictions(new Set(given.keys())));
  if (parsed.success && complaints.length === 0) return parsed.data as ConfigOf<All>;
  throw new ConfigError(complaints.join("\n"));
}
