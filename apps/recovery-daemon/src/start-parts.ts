import type { Parts } from "./parts.js";

/**
 * Composes, migrates and connects. What was opened is closed again where that fails, so that the next attempt begins
 * with fresh connections.
 * @throws StoreUnavailable, CacheUnavailable, Misconfigured
 */
export async function startParts(compose: () => Parts, migrate: boolean): Promise<Parts> {
  const parts = compose();
  try {
    if (migrate) await parts.migrate();
    await parts.manager.start();
    return parts;
  } catch (error) {
    await parts.manager.close().catch(() => undefined);
    throw error;
  }
}
