const firstMs = 250;
const mostMs = 4_000;

/** How long to wait before the next try: longer each time, and never in step with others. */
export function backoffMs(attempt: number): number {
  const full = Math.min(mostMs, firstMs * 2 ** Math.min(attempt, 10));
  return full / 2 + Math.random() * (full / 2);
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
