import * as z from "zod";

/** A human's id is the user's UUID, in lower case. */
export const userIdSchema = z.uuid().lowercase();

/** An NPC of the card game. */
export const npcPlayerIdSchema = z.string().regex(/^npc:[a-z0-9][a-z0-9_-]{0,63}$/);

/** A player of the card game: a user, or an NPC. */
export const cardPlayerIdSchema = z.union([userIdSchema, npcPlayerIdSchema]);

/** Names a card definition, such as `cinder-pup`. */
export const definitionIdSchema = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/);
export type DefinitionId = z.infer<typeof definitionIdSchema>;

/** Names one card of one game. It says nothing about where the card lies. */
export const cardIdSchema = z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/);
export type CardId = z.infer<typeof cardIdSchema>;
