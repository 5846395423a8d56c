import type * as z from "zod";

/** Where and what is wrong, without the value. */
export function describeIssue({ path, message }: Pick<z.core.$ZodIssue, "path" | "message">, root?: string): string {
  const steps = [...(root === undefined ? [] : [root]), ...path.map(String)];
  return steps.length === 0 ? message : `${steps.join(".")}: ${message}`;
}
