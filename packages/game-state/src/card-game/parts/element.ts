import * as z from "zod";

export const elementSchema = z.enum(["ember", "tide", "grove", "storm", "stone"]);
export type Element = z.infer<typeof elementSchema>;
