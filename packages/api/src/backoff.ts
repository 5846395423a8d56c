/** The first pause between two attempts, and the longest, in ms. */
export interface Backoff {
  readonly firstMs: number;
  readonly mostMs: number;
}

export const defaultBackoff: Backoff = { firstMs: 250, mostMs: 4_000 };

/**
 * The pause after an attempt in ms: twice as long each time, and by chance up to a half shorter, so that clients do not
 * come back in step.
 * @param attempt counts from 0
 * @param random from 0 up to, and never, 1
 */
export function backoffMs(attempt: number, { firstMs, mostMs }: Backoff, random: () => number): number {
  const full = Math.min(mostMs, firstMs * 2 ** Math.min(attempt, 10));
  return full / 2 + random() * (full / 2);
}
