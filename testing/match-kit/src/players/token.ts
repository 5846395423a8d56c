import { createHmac } from "node:crypto";

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A bearer token (HS256) for this player, as an identity provider would hand it out; valid for an hour. */
export function tokenFor(playerId: string, secret: string): string {
  const now = Math.floor(Date.now() / 1_000);
  const signed = `${encode({ alg: "HS256", typ: "JWT" })}.${encode({ sub: playerId, iat: now, exp: now + 3_600 })}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}
