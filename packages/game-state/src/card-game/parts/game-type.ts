import * as z from "zod";

/** What kind of card game it is. */
export const gameTypeSchema = z.enum(["campaign", "freeplay", "ranked"]);
export type CardGameType = z.infer<typeof gameTypeSchema>;
