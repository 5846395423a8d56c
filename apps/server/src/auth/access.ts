import { createHmac } from "node:crypto";
import type { Runtime } from "@turnkeep/core";
import type { Config } from "../config.js";
import { demoSecret } from "./demo-secret.js";
import { DemoTokens, demoIssuer } from "./demo-tokens.js";
import { keySetVerifier, secretVerifier, type TokenVerifier } from "./token-verifier.js";

/** Who may come in. */
export interface Access {
  readonly verifier: TokenVerifier;
  /** Present in demo mode only: anybody may have a token, and anybody may watch without one. */
  readonly demo: DemoTokens | null;
  /** Signs invitations, the same on all servers; without it there are none. */
  readonly inviteKey?: Uint8Array | undefined;
}

/** Chooses by the settings; with neither a secret nor a key set it is demo mode, whose secret is kept in `dataDir`. */
export async function chooseAccess(
  config: Pick<Config, "inviteSecret" | "jwtSecret" | "jwtJwksUrl" | "jwtIssuer" | "jwtAudience" | "dataDir">,
  runtime: Runtime,
): Promise<Access> {
  const options = { issuer: config.jwtIssuer, audience: config.jwtAudience };
  const { jwtSecret, jwtJwksUrl, inviteSecret = jwtSecret } = config;
  const inviteKey = inviteSecret === undefined ? undefined : inviteKeyOf(inviteSecret);
  if (jwtSecret !== undefined) return { verifier: secretVerifier(jwtSecret, options), demo: null, inviteKey };
  if (jwtJwksUrl !== undefined) return { verifier: keySetVerifier(jwtJwksUrl, options), demo: null, inviteKey };
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
