import type { DeepReadonly } from "@turnkeep/core";
import * as z from "zod";

const word = z.int().min(0).max(0xffff_ffff);

/**
 * The state of the game's random numbers: three words of a key, and how many numbers were drawn with it. Numbers are
 * ChaCha20's, so that a player who sees coins fall and knows the order of their own deck cannot know what comes next, nor
 * the order of another. Never shown to anybody.
 */
export const randomStateSchema = z.strictObject({ words: z.tuple([word, word, word, word]) });
export type RandomState = DeepReadonly<z.infer<typeof randomStateSchema>>;
