import { parseArgs } from "node:util";
import * as z from "zod";

/** A flag's schema: with a default, and a description for help. */
type Flags = z.ZodObject<Readonly<Record<string, z.ZodDefault<z.ZodType>>>>;

export const whole = (min: number, max: number) => z.coerce.number().int().min(min).max(max);

const isSwitch = (schema: z.ZodDefault<z.ZodType>) => schema.unwrap() instanceof z.ZodBoolean;

/** @throws Error that says which option is not sound */
export function readOptions<Schema extends Flags>(schema: Schema, rawArgs: readonly string[]): z.infer<Schema> {
  const flags = Object.entries(schema.shape).map(([name, flag]) => {
    return [name, { type: isSwitch(flag) ? "boolean" : "string" }] as const;
  });
  const { values } = parseArgs({ args: [...rawArgs], options: Object.fromEntries(flags), strict: true });
  const parsed = schema.safeParse(values);
  if (parsed.success) return parsed.data;
  throw new Error(parsed.error.issues.map(({ path, message }) => `--${path.join(".")}: ${message}`).join("\n"));
}

/**
 * A line a flag, for help.
 * @param drawn flags whose default is drawn anew each time, and so not shown
 */
export function optionLines(schema: Flags, drawn: readonly string[] = []): readonly string[] {
  return Object.entries(schema.shape).map(([name, flag]) => {
    const fallback =
      isSwitch(flag) || drawn.includes(name) ? "" : ` (default ${JSON.stringify(flag.def.defaultValue)})`;
    return `  ${`--${name}${isSwitch(flag) ? "" : " N"}`.padEnd(14)} ${flag.description}${fallback}`;
  });
}
