import { TurnkeepError } from "@turnkeep/core";
import type * as z from "zod";

/** @throws InvalidInput, naming the options that are wrong, without their values */
export function parseOptions<S extends z.ZodType>(schema: S, options: z.input<S>, what: string): z.output<S> {
  const parsed = schema.safeParse(options);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map((issue) => `${issue.path.join(".") || "options"}: ${issue.message}`);
  throw new TurnkeepError("InvalidInput", `the ${what} cannot be made: ${issues.join("; ")}`, { issues });
}
