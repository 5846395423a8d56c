import { afterAll, beforeAll, describe } from "vitest";
import { archiveRaceTests } from "./archive-races.js";
import { archivingTests } from "./archiving.js";
import { archivingIncompleteTests } from "./archiving-incomplete.js";
import { creatingTests } from "./creating.js";
import { flushOutcomeTests } from "./flush-outcomes.js";
import { flushingTests } from "./flushing.js";
import { leaseTests } from "./leases.js";
import { listingByIdTests } from "./listing-by-id.js";
import { listingByPlayerTests } from "./listing-by-player.js";
import { loadingTests } from "./loading.js";
import { loggingTests } from "./logging.js";
import { overwritingTests } from "./overwriting.js";
import { removingTests } from "./removing.js";
import { serviceClockTests } from "./service-clock.js";
import { storeLifecycleTests } from "./store-lifecycle.js";
import type { StoreBench, StoreUnderTest } from "./store-under-test.js";
import { textTests } from "./texts.js";
import { transactionTests } from "./transactions.js";

/**
 * Registers the tests that every store must pass, in a file of Vitest. They leave games behind: the place is theirs
 * alone, and whoever made it drops it afterwards.
 * @example
 * const store = createMemoryStore({ space });
 * storeConformance({
 *   name: "memory",
 *   createStore: () => createMemoryStore({ space }),
 *   transaction: (work) => store.transaction(work),
 * });
 */
export function storeConformance<Tx>(hooks: StoreUnderTest<Tx>): void {
  describe(`${hooks.name}: a store`, () => {
    let current: StoreBench<Tx> | undefined;
    const bench = (): StoreBench<Tx> => {
      if (current === undefined) throw new Error("the stores are not started");
      return current;
    };
    beforeAll(async () => {
      const [store, other] = [hooks.createStore(), hooks.createStore()];
      await Promise.all([store.start(), other.start()]);
      current = { store, other, hooks };
    });
    afterAll(async () => {
      await Promise.all([current?.store.close(), current?.other.close()]);
    });

    creatingTests(bench);
    loadingTests(bench);
    flushingTests(bench);
    flushOutcomeTests(bench);
    loggingTests(bench);
    overwritingTests(bench);
    archivingTests(bench);
    archiveRaceTests(bench);
    archivingIncompleteTests(bench);
    removingTests(bench);
    listingByPlayerTests(bench);
    listingByIdTests(bench);
    leaseTests(bench);
    serviceClockTests(bench);
    transactionTests(bench);
    textTests(bench);
    storeLifecycleTests(bench);
  });
}
