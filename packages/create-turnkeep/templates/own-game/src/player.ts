import { createHash, randomBytes } from "node:crypto";
import type { Request, Response } from "express";

/**
 * Who asks. A browser keeps a secret in a cookie, and the player's id is its hash: everybody may know the id, and
 * nobody can play for it. Replace this by your own accounts.
 */
export function playerOf(request: Request, response: Response): string {
  let secret = /(?:^|; )player=([\w-]{32})/.exec(request.headers.cookie ?? "")?.[1];
  if (secret === undefined) {
    secret = randomBytes(24).toString("base64url");
    response.cookie("player", secret, { httpOnly: true, sameSite: "lax", maxAge: 365 * 24 * 3_600_000 });
  }
  return createHash("sha256").update(secret).digest("base64url").slice(0, 16);
}
