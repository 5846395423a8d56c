import { userIdSchema } from "@turnkeep/game-state";
import { errors, type JWTPayload, type JWTVerifyOptions, jwtVerify } from "jose";
import { isHttpError, unauthenticated } from "../protocol/http-error.js";
import type { KeySet } from "./key-set.js";

/** Who presented a valid token. */
export interface Identity {
  /** The user, who is a player of the same id. */
  readonly playerId: string;
  /** When the token runs out, in ms since the epoch. */
  readonly expiresAt: number;
}

export interface TokenVerifier {
  /** @throws Unauthenticated, whatever is wrong with the token; KeysUnavailable where that cannot be known now */
  verify(token: string): Promise<Identity>;
}

export interface VerifierOptions {
  readonly issuer?: string | undefined;
  readonly audience?: string | undefined;
}

/** Public-key algorithms; a key set never vouches for tokens that are signed with a shared secret. */
const publicKeyAlgorithms = [
  "EdDSA",
  "Ed25519",
  "ES256",
  "ES384",
  "ES512",
  "PS256",
  "PS384",
  "RS256",
  "RS384",
  "RS512",
];

/** Tokens that were signed with this secret (HS256). */
export function secretVerifier(secret: string, options: VerifierOptions = {}): TokenVerifier {
  const key = new TextEncoder().encode(secret);
  const rules = { ...verifyOptions(options), algorithms: ["HS256"] };
  return { verify: (token) => identify(async () => (await jwtVerify(token, key, rules)).payload) };
}

/** Tokens of an identity provider. */
export function keySetVerifier(keys: Pick<KeySet, "find">, options: VerifierOptions = {}): TokenVerifier {
  const rules = { ...verifyOptions(options), algorithms: publicKeyAlgorithms };
  return { verify: (token) => identify(async () => (await jwtVerify(token, keys.find, rules)).payload) };
}

function verifyOptions({ issuer, audience }: VerifierOptions): JWTVerifyOptions {
  return {
    requiredClaims: ["sub", "exp"],
    clockTolerance: 5,
    ...(issuer === undefined ? {} : { issuer }),
    ...(audience === undefined ? {} : { audience }),
  };
}

async function identify(verified: () => Promise<JWTPayload>): Promise<Identity> {
  let payload: JWTPayload;
  try {
    payload = await verified();
  } catch (error) {
    if (isHttpError(error)) throw error;
    throw unauthenticated(error instanceof errors.JWTExpired ? "the token has run out" : "the token is not valid");
  }
  const { sub, exp } = payload;
  const user = userIdSchema.safeParse(sub);
  if (!user.success || exp === undefined) throw unauthenticated("the token's subject is not a lower-case UUID");
  return { playerId: user.data, expiresAt: exp * 1_000 };
}
