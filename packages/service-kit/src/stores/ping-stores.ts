import { type Runtime, sleep } from "@turnkeep/core";

/** The two stores, as a health endpoint pings them. */
export interface PingedStores {
  pingStore(signal: AbortSignal): Promise<void>;
  pingCache(signal: AbortSignal): Promise<void>;
}

/** Whether each of them answers, as a health endpoint shows it. */
export interface StoresHealth {
  readonly store: "up" | "down";
  readonly cache: "up" | "down";
}

const pingTimeoutMs = 2_000;

/** Never rejects, and never waits longer than 2 s: a store that has not answered by then is down, and its ping is aborted. */
export async function pingStores(stores: PingedStores, runtime: Pick<Runtime, "schedule">): Promise<StoresHealth> {
  const [store, cache] = await Promise.all([
    answers((signal) => stores.pingStore(signal), runtime),
    answers((signal) => stores.pingCache(signal), runtime),
  ]);
  return { store: store ? "up" : "down", cache: cache ? "up" : "down" };
}

/** Whether it resolves within 2 s; never rejects. */
export async function answers(
  ping: (signal: AbortSignal) => Promise<void>,
  runtime: Pick<Runtime, "schedule">,
): Promise<boolean> {
  const [late, answered] = [new AbortController(), new AbortController()];
  const timeout = sleep(runtime, pingTimeoutMs, { signal: answered.signal, keepAlive: false }).then((isOver) => {
    if (isOver) late.abort();
    return false;
  });
  const asked = ping(late.signal).then(
    () => true,
    () => false,
  );
  const isUp = await Promise.race([asked, timeout]);
  answered.abort();
  return isUp;
}
