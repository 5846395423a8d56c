import type { GameAnswer } from "@turnkeep/api/schemas";

/**
 * A game's version as an ETag, `"<version>"`; an ended game's names that, too. `null` for what has no version, or may
 * not be the newest.
 */
export function versionTag({ version, status, stale }: GameAnswer): string | null {
  if (version === null || stale) return null;
  return status === "live" ? `"${version}"` : `"${version}-${status}"`;
}

/** True if an `If-None-Match` names the game's version; weak tags match, for proxies weaken what they compress. */
export function matchesVersion(header: string | undefined, game: GameAnswer): boolean {
  const tag = versionTag(game);
  if (header === undefined || tag === null) return false;
  return header.split(",").some((part) => part.trim().replace(/^W\//, "") === tag || part.trim() === "*");
}
