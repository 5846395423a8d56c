import type { Config } from "../config.js";
import { demoSecret } from "./demo-secret.js";
import { DemoTokens, demoIssuer } from "./demo-tokens.js";
import { keySetVerifier, secretVerifier, type TokenVerifier } from "./token-verifier.js";

/** Who may come in. */
export interface Access {
  readonly verifier: TokenVerifier;
  /** Present in demo mode only: anybody may have a token, and anybody may watch without one. */
  readonly demo: DemoTokens | null;
}

/** Chooses by the settings; with neither a secret nor a key set it is demo mode, whose secret is kept in `dataDir`. */
export async function chooseAccess(
  config: Pick<Config, "jwtSecret" | "jwtJwksUrl" | "jwtIssuer" | "jwtAudience" | "dataDir">,
): Promise<Access> {
  const options = { issuer: config.jwtIssuer, audience: config.jwtAudience };
  if (config.jwtSecret !== undefined) return { verifier: secretVerifier(config.jwtSecret, options), demo: null };
  if (config.jwtJwksUrl !== undefined) return { verifier: keySetVerifier(config.jwtJwksUrl, options), demo: null };
  const secret = await demoSecret(config.dataDir);
  return { verifier: secretVerifier(secret, { issuer: demoIssuer }), demo: new DemoTokens(secret) };
}
