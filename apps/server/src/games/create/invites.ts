import { type CreateInvite, createInviteSchema, type InviteAnswer } from "@turnkeep/api/schemas";
import { isCanonicalUuid, type Runtime } from "@turnkeep/core";
import { jwtVerify, SignJWT } from "jose";
import * as z from "zod";
import { forbidden } from "../refusals.js";
import { asServersOwnId } from "../write-ids.js";

const lifetimeMs = 24 * 3_600_000;
const audience = "turnkeep-invite";

const claimsSchema = z.object({
  sub: z.string().refine(isCanonicalUuid),
  jti: z.string().refine(isCanonicalUuid),
  invite: createInviteSchema,
});

/** An invitation as its token contains it. */
export interface Invite extends CreateInvite {
  readonly inviterId: string;
  /** The game that the first acceptance begins, and nothing else can. */
  readonly gameId: string;
}

/**
 * Invitations that no server has to keep: all that the game needs is in the token, signed. The key is the same on all
 * servers, and signs nothing else.
 */
export class Invites {
  readonly #key: Uint8Array;
  readonly #runtime: Runtime;

  constructor(key: Uint8Array, runtime: Runtime) {
    this.#key = key;
    this.#runtime = runtime;
  }

  async issue(
    inviterId: string,
    invite: CreateInvite,
    gameId: string = asServersOwnId(this.#runtime.randomId()),
  ): Promise<InviteAnswer> {
    const expiresAt = Math.floor((this.#runtime.wallClockMs() + lifetimeMs) / 1_000) * 1_000;
    const token = await new SignJWT({ invite })
      .setProtectedHeader({ alg: "HS256" })
      .setSubject(inviterId)
      .setJti(gameId)
      .setAudience(audience)
      .setExpirationTime(expiresAt / 1_000)
      .sign(this.#key);
    return { token, gameId, expiresAt };
  }

  /** @throws Forbidden for a token that is none, or has run out */
  async read(token: string): Promise<Invite> {
    const payload = await jwtVerify(token, this.#key, {
      algorithms: ["HS256"],
      audience,
      requiredClaims: ["exp"],
    }).then(
      (verified) => verified.payload,
      () => null,
    );
    const claims = claimsSchema.safeParse(payload);
    if (!claims.success) throw forbidden("the invitation is not valid, or has run out");
    const { sub, jti, invite } = claims.data;
    return { ...invite, inviterId: sub, gameId: jti };
  }
}
