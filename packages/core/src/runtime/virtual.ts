import type { Runtime } from "./runtime.js";

export interface VirtualRuntimeOptions {
  /** Decides all chance and all ids: the same seed gives the same run. Default 1. */
  readonly seed?: number | undefined;
  /** What the wall clock shows at first, in ms since the epoch. Default 2026-01-01. */
  readonly startAtMs?: number | undefined;
}

/** A runtime whose time stands still until a test moves it. */
export interface VirtualRuntime extends Runtime {
  /**
   * Moves both clocks on by so many ms and runs every timer that comes due, in order, each at its own time; what the
   * timers and their promises start is followed too. Work that waits for real I/O is not.
   */
  advance(ms: number): Promise<void>;
  /** Moves both clocks on at once, as on a machine that slept: a timer that came due meanwhile runs once, late. */
  jump(ms: number): Promise<void>;
  /** Moves on from timer to timer until `condition` holds. @throws if no timer is left, or `withinMs` are over */
  advanceUntil(condition: () => boolean, withinMs?: number): Promise<void>;
  /** Lets promises that are ready go on, without moving time. */
  runReady(): Promise<void>;
  /** How far away the next timer is, in ms; `null` if there is none. */
  untilNextTimerMs(): number | null;
}

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly work: () => void;
}

/** A virtual runtime, for tests: nothing waits for real time, and every run with the same seed is the same. */
export function createVirtualRuntime({
  seed = 1,
  startAtMs = Date.UTC(2026, 0, 1),
}: VirtualRuntimeOptions = {}): VirtualRuntime {
  const timers = new Set<Timer>();
  const random = seededRandom(seed);
  let now = 0;
  let order = 0;

  const next = (): Timer | undefined => {
    let first: Timer | undefined;
    for (const timer of timers) {
      if (!first || timer.at < first.at || (timer.at === first.at && timer.order < first.order)) first = timer;
    }
    return first;
  };
  const runNext = async (until: number): Promise<boolean> => {
    await runReady();
    const timer = next();
    if (timer === undefined || timer.at > until) return false;
    timers.delete(timer);
    now = Math.max(now, timer.at);
    timer.work();
    return true;
  };
  const advance = async (ms: number): Promise<void> => {
    const until = now + ms;
    while (await runNext(until));
    now = Math.max(now, until);
    await runReady();
  };

  return {
    monotonicMs: () => now,
    wallClockMs: () => startAtMs + Math.floor(now),
    schedule: (work, delayMs) => {
      order += 1;
      const timer = { at: now + Math.max(0, delayMs), order, work };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    random,
    randomId: () => uuidFrom(random),
    advance,
    jump: (ms) => {
      now += ms;
      return advance(0);
    },
    advanceUntil: async (condition, withinMs = 3_600_000) => {
      const until = now + withinMs;
      await runReady();
      while (!condition()) {
        if (await runNext(until)) continue;
        if (condition()) return;
        throw new Error(`nothing more happens within ${withinMs} ms, and the condition does not hold`);
      }
    },
    runReady,
    untilNextTimerMs: () => {
      const timer = next();
      return timer === undefined ? null : Math.max(0, timer.at - now);
    },
  };
}

/** Enough for promises that start promises; one turn of the event loop each. */
const rounds = 5;

async function runReady(): Promise<void> {
  for (let round = 0; round < rounds; round++) await new Promise<void>((resolve) => setImmediate(resolve));
}

/** Numbers from 0 up to, and never, 1; the same seed gives the same numbers on every platform (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A version 4 UUID of such numbers. */
function uuidFrom(random: () => number): string {
  const digit = (limit: number) => Math.floor(random() * limit);
  return "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx".replace(/[xy]/g, (place) =>
    (place === "x" ? digit(16) : 8 + digit(4)).toString(16),
  );
}
