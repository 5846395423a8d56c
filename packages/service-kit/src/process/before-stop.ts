/** What the work gives; `null` if the signal fires first, and then nobody waits for the work. @throws what the work throws */
export async function beforeStop<T>(work: Promise<T>, signal: AbortSignal): Promise<T | null> {
  const done = new AbortController();
  const stopped = new Promise<null>((resolve) => {
    if (signal.aborted) resolve(null);
    signal.addEventListener("abort", () => resolve(null), { signal: done.signal });
  });
  try {
    return await Promise.race([stopped, work]);
  } finally {
    done.abort();
  }
}
