import { away, intercept, interceptAll } from "@turnkeep/conformance/chaos";
import type { CancelTimer, GameDefinition, Runtime } from "@turnkeep/core";
import type { VirtualRuntime } from "@turnkeep/core/virtual-runtime";
import { createGameStateManager, type GameStateManager } from "@turnkeep/manager";
import { type CacheSpace, createMemoryCache, createMemoryStore, type StoreSpace } from "@turnkeep/memory";

/** What all processes share. */
export interface World<State extends object, View> {
  readonly game: GameDefinition<State, View>;
  readonly runtime: VirtualRuntime;
  readonly cacheSpace: CacheSpace;
  readonly storeSpace: StoreSpace;
  /** Whether calls of stores may fail now. */
  faulty: boolean;
  lostReplies: number;
}

/** One server, which can be killed at any step: its calls and timers end there, and nothing of it comes back. */
export interface Process<State extends object, View> {
  readonly manager: GameStateManager<State, View>;
  readonly isDead: () => boolean;
  /** Kills it at its n-th step from now, before or after a call of a store; at once without a number. */
  kill(steps?: number): void;
}

/** One call in so many is not made, and as many lose their reply. */
const oneIn = 15;

/** Starts a server over the stores that all share. */
export async function startProcess<State extends object, View>(
  world: World<State, View>,
): Promise<Process<State, View>> {
  const { game, runtime, cacheSpace, storeSpace } = world;
  const timers = new Set<CancelTimer>();
  let dead = false;
  let stepsLeft = Number.POSITIVE_INFINITY;
  const die = () => {
    dead = true;
    for (const cancel of timers) cancel();
  };
  /** Never resolves in a dead process. */
  const step = (): Promise<void> => {
    stepsLeft -= 1;
    if (stepsLeft <= 0) die();
    return dead ? new Promise(() => undefined) : Promise.resolve();
  };
  const disturbed = <Port extends object>(port: Port): Port =>
    interceptAll(port, async (operation, call) => {
      await step();
      // An eviction that fails is made up for by the daemon's sweep, and there is none here.
      const luck = world.faulty && operation !== "evict" ? Math.floor(runtime.random() * 2 * oneIn) : -1;
      if (luck === 0) return away("notDone")(call, port);
      const reply = await call();
      await step();
      if (luck !== 1) return reply;
      world.lostReplies += 1;
      return away("unknown")(call, port);
    });
  const own: Runtime = {
    ...runtime,
    schedule: (work, delayMs, options) => {
      const run = () => {
        timers.delete(cancel);
        work();
      };
      const cancelTimer = runtime.schedule(run, delayMs, options);
      const cancel = () => {
        timers.delete(cancel);
        cancelTimer();
      };
      timers.add(cancel);
      return cancel;
    },
  };
  const store = createMemoryStore({ space: storeSpace });
  // Other servers are there all the time, and keep the service clock going between this one's beats.
  const beating = intercept(store, { beatServiceClock: () => store.beatServiceClock(Number.MAX_SAFE_INTEGER) });
  const manager = createGameStateManager({
    game,
    cache: disturbed(createMemoryCache({ space: cacheSpace })),
    store: disturbed(beating),
    runtime: own,
    runServiceClock: true,
  });
  const { faulty } = world;
  world.faulty = false;
  await manager.start();
  world.faulty = faulty;
  return {
    manager,
    isDead: () => dead,
    kill: (steps) => {
      if (steps === undefined) die();
      else stepsLeft = steps;
    },
  };
}
