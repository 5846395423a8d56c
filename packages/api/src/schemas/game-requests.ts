import * as z from "zod";
import { versionSchema, writeIdSchema } from "./ids.js";

/** Game ids are checked by the service, whose error says what is wrong; here only that there is a text. */
export const gameParamsSchema = z.strictObject({ gameId: z.string().max(200) });

const deckName = z.string().min(1).max(64);
/** Joiners and tags, which cannot be seen, are taken where they join visible signs, as in many emoji. */
const playerName = z
  .string()
  .trim()
  .min(1, { error: "must not be empty" })
  .max(40, { error: "must have at most 40 characters" })
  .regex(/^(?:\P{C}(?:[\u200C\u200D](?=\P{C})|[\u{E0020}-\u{E007F}]+)?)+$/u, { error: "must be printable" });

const npcId = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, { error: "must be an NPC's id" });
/** Checked by the game's own schema: how far players may set rules is the game's affair. */
const ownRules = z
  .unknown()
  .meta({ id: "Rules", description: "Rules that differ from the usual; not in ranked games" });

/**
 * A game against an NPC; a game with another player begins by an invitation, once the other has accepted it. The same
 * write id by the same player makes the same game; so does the same `gameId`, which else is derived from the write id.
 */
export const createGameSchema = z.strictObject({
  writeId: writeIdSchema,
  gameId: z.string().max(200).optional(),
  npcId,
  gameType: z.literal("campaign").optional(),
  rules: ownRules.optional(),
  /** Names of decks that the server knows; default: one of them. */
  deck: deckName.optional(),
  /** The NPC's; default: its own. */
  opponentDeck: deckName.optional(),
  /** What players and spectators read; default: a name made of the id. */
  name: playerName.optional(),
});
export type CreateGame = z.infer<typeof createGameSchema>;

/** An invitation for all who get its token; the game begins when the first of them accepts. */
export const createInviteSchema = z.strictObject({
  gameType: z.enum(["freeplay", "ranked"]).default("freeplay"),
  rules: ownRules.optional(),
  deck: deckName.optional(),
  name: playerName.optional(),
});
export type CreateInvite = z.infer<typeof createInviteSchema>;

export const acceptInviteSchema = z.strictObject({
  token: z.string().min(1).max(8_192),
  deck: deckName.optional(),
  name: playerName.optional(),
});
export type AcceptInvite = z.infer<typeof acceptInviteSchema>;

/** What all writes carry: `expectedVersion` writes over that version only, else is refused with both versions. */
const write = { writeId: writeIdSchema, expectedVersion: versionSchema.optional() };

/** An action, which the rules' own schema checks, and which it stands for in descriptions. */
export const actionSchema = z.unknown().meta({ id: "Action" });
export const actSchema = z.strictObject({ ...write, action: actionSchema });
export const concedeSchema = z.strictObject(write);

/** A body that says nothing. */
export const nothingSchema = z.strictObject({}).nullish();

/** Headers are loose: only these mean something to the route. */
export const writeHeadersSchema = z.looseObject({
  "idempotency-key": z.string().optional().describe("stands for `writeId`; given both, they must be the same"),
  "if-match": z.string().optional().describe("stands for `expectedVersion`: the ETag of the game to write over"),
});
export const viewHeadersSchema = z.looseObject({
  "if-none-match": z.string().optional().describe("ETags that the client has: 304 if the game still has one of them"),
});

/** A page of a list: `next` of one page is `after` of the next. */
export const pageQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  after: z.string().min(1).max(500).optional(),
});
export type PageQuery = z.infer<typeof pageQuerySchema>;

/** A page of a replay: the steps after number `after`; without it from the initial state on, which is step 0. */
export const stepQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(25),
  after: z.coerce.number().int().min(0).max(1_000_000).optional(),
});
export type StepQuery = z.infer<typeof stepQuerySchema>;

export const newsQuerySchema = z.strictObject({ since: versionSchema });

export const demoTokenSchema = z.strictObject({ name: playerName });
