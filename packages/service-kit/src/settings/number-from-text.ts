import * as z from "zod";

/** A whole number that a library takes as a setting, read from text: by the library's own bounds, default and meaning. */
export function numberFromText(setting: z.ZodDefault<z.ZodInt>) {
  const { defaultValue, innerType } = setting.def;
  return z.coerce
    .number()
    .pipe(innerType)
    .default(Number(defaultValue))
    .describe(setting.description ?? "");
}
