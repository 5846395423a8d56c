import * as z from "zod";

/**
 * Where the game stands: `setup` (players lay out their first creatures, one after the other), then for each turn
 * `draw`, `main`, `attack` (the consequences of an attack, and of the turn's end) and `betweenTurns` (conditions), and
 * `ended`.
 */
export const phaseSchema = z.enum(["setup", "draw", "main", "attack", "betweenTurns", "ended"]);
export type Phase = z.infer<typeof phaseSchema>;
