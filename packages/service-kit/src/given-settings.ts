import type * as z from "zod";

/** Variables and their values; a program's `config.ts` passes its own. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** All that can be set, with defaults and meaning; environment names and help follow from it. */
export type SettingsSchema = z.ZodReadonly<z.ZodObject<Readonly<Record<string, z.ZodType>>>>;

/** `leaseMs` → `LEASE_MS` */
export function environmentName(setting: string): string {
  return setting.replace(/[A-Z]/g, (capital) => `_${capital}`).toUpperCase();
}

/**
 * The settings that the environment gives, as texts. An empty variable counts as absent.
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
