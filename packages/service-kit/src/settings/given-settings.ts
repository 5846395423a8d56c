import type * as z from "zod";

/** Variables and their values; a program's `config.ts` passes its own. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Settings by name, each with its default and its meaning. */
export type SettingsShape = Readonly<Record<string, z.ZodType>>;

/** All that can be set in a program; environment names, help and README follow from it. */
export interface Settings {
  /** What users look at first: at most thirty. */
  readonly usual: SettingsShape;
  /** What is seldom changed. */
  readonly advanced: SettingsShape;
}

/** `leaseMs` → `LEASE_MS` */
export function environmentName(setting: string): string {
  return setting.replace(/[A-Z]/g, (capital) => `_${capital}`).toUpperCase();
}

/**
 * The settings that the environment contains, as texts. An empty variable counts as absent.
 * @param variables each setting's variable
 */
export function givenSettings(
  variables: Readonly<Record<string, string>>,
  environment: Environment,
): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(variables).flatMap(([setting, variable]) => {
      const value = environment[variable];
      return value === undefined || value === "" ? [] : [[setting, value] as const];
    }),
  );
}
