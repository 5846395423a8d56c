/** The two stores, as a health endpoint asks them. */
export interface PingedStores {
  pingStore(signal: AbortSignal): Promise<void>;
  pingCache(signal: AbortSignal): Promise<void>;
}

/** How they fare, as a health endpoint shows it. */
export interface StoresHealth {
  readonly store: "up" | "down";
  readonly cache: "up" | "down";
}

const pingTimeoutMs = 2_000;

/** Never rejects, and never waits longer than 2 s, whatever becomes of the pings: who has not answered by then is down. */
export async function pingStores(stores: PingedStores): Promise<StoresHealth> {
  const [store, cache] = await Promise.all([
    answers((signal) => stores.pingStore(signal)),
    answers((signal) => stores.pingCache(signal)),
  ]);
  return { store: store ? "up" : "down", cache: cache ? "up" : "down" };
}

async function answers(ping: (signal: AbortSignal) => Promise<void>): Promise<boolean> {
  const signal = AbortSignal.timeout(pingTimeoutMs);
  const late = new Promise<boolean>((resolve) => signal.addEventListener("abort", () => resolve(false)));
  const asked = ping(signal).then(
    () => true,
    () => false,
  );
  return Promise.race([asked, late]);
}
