import { createHmac } from "node:crypto";
import type { Runtime } from "@turnkeep/core";
import type { Logger } from "@turnkeep/manager";
import type { Config } from "../config.js";
import { demoSecret } from "./demo-secret.js";
import { DemoTokens, demoIssuer } from "./demo-tokens.js";
import { KeySet } from "./key-set.js";
import { keySetVerifier, secretVerifier, type TokenVerifier } from "./token-verifier.js";

/** Who may come in. */
export interface Access {
  readonly verifier: TokenVerifier;
  /** Present in demo mode only: anybody may have a token, and anybody may watch without one. */
  readonly demo: DemoTokens | null;
  /** The keys of an identity provider; absent where tokens are signed with a secret. */
  readonly keys?: { readonly isUp: boolean } | undefined;
  /** Signs invitations, the same on all servers; without it there are none. */
  readonly inviteKey?: Uint8Array | undefined;
}

/** Chooses by the settings; with neither a secret nor a key set it is demo mode, whose secret is kept in `dataDir`. */
export async function chooseAccess(
  config: Pick<Config, "inviteSecret" | "jwtSecret" | "jwtJwksUrl" | "jwtIssuer" | "jwtAudience" | "dataDir">,
  runtime: Runtime,
  logger: Logger,
): Promise<Access> {
  const options = { issuer: config.jwtIssuer, audience: config.jwtAudience };
  const { jwtSecret, jwtJwksUrl, inviteSecret = jwtSecret } = config;
  const inviteKey = inviteSecret === undefined ? undefined : inviteKeyOf(inviteSecret);
  if (jwtSecret !== undefined) return { verifier: secretVerifier(jwtSecret, options), demo: null, inviteKey };
  if (jwtJwksUrl !== undefined) {
    if (inviteKey === undefined)
      logger.warn({}, "without INVITE_SECRET nobody can invite, so that no two people can play");
    const keys = new KeySet(jwtJwksUrl, runtime, {
      onDown: (error) =>
        logger.error({ err: error }, "the key server does not answer: known keys serve on, other tokens get 503"),
      onUp: () => logger.info({}, "the key server answers again"),
    });
    return { verifier: keySetVerifier(keys, options), demo: null, keys, inviteKey };
  }
  const secret = await demoSecret(config.dataDir);
  return {
    verifier: secretVerifier(secret, { issuer: demoIssuer }),
    demo: new DemoTokens(secret, runtime),
    inviteKey: inviteKey ?? inviteKeyOf(secret),
  };
}

/** Another key than that of the tokens, so that neither passes for the other. */
function inviteKeyOf(secret: string): Uint8Array {
  return createHmac("sha256", secret).update("turnkeep invitations").digest();
}
