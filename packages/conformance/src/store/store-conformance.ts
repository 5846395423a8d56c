import { afterAll, beforeAll, describe } from "vitest";
import { archiveRaceTests } from "./end/archive-races.js";
import { archivingTests } from "./end/archiving.js";
import { archivingIncompleteTests } from "./end/archiving-incomplete.js";
import { purgingTests } from "./end/purging.js";
import { canStoreTests } from "./flush/can-store.js";
import { flushOutcomeTests } from "./flush/flush-outcomes.js";
import { flushingTests } from "./flush/flushing.js";
import { creatingTests } from "./game/creating.js";
import { lookingUpTests } from "./game/looking-up.js";
import { metadataTests } from "./game/metadata.js";
import { quarantiningTests } from "./game/quarantining.js";
import { recreatingTests } from "./game/recreating.js";
import { removingTests } from "./game/removing.js";
import { loggingTests } from "./history/logging.js";
import { inspectingTests } from "./lists/inspecting.js";
import { listingByIdTests } from "./lists/listing-by-id.js";
import { listingByPlayerTests } from "./lists/listing-by-player.js";
import { loadingTests } from "./load/loading.js";
import { leaseTests } from "./shared-work/leases.js";
import { serviceClockTests } from "./shared-work/service-clock.js";
import { storeLifecycleTests } from "./store-lifecycle.js";
import type { StoreBench, StoreUnderTest } from "./store-under-test.js";
import { textTests } from "./texts.js";
import { overwritingTests } from "./transaction/overwriting.js";
import { transactionTests } from "./transaction/transactions.js";

/**
 * Registers the tests that every store must pass, in a file of Vitest. They leave games behind: the place is theirs
 * alone, to be dropped afterwards.
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

    describe("life of the store", () => {
      storeLifecycleTests(bench);
    });
    describe("life of a game", () => {
      creatingTests(bench);
      lookingUpTests(bench);
      quarantiningTests(bench);
      metadataTests(bench);
      recreatingTests(bench);
      removingTests(bench);
      textTests(bench);
    });
    describe("loads", () => loadingTests(bench));
    describe("flushes", () => {
      flushingTests(bench);
      flushOutcomeTests(bench);
      canStoreTests(bench);
    });
    describe("writes in the caller's transaction", () => {
      overwritingTests(bench);
      transactionTests(bench);
    });
    describe("the end of a game", () => {
      archivingTests(bench);
      archiveRaceTests(bench);
      archivingIncompleteTests(bench);
      purgingTests(bench);
    });
    describe("history", () => loggingTests(bench));
    describe("lists", () => {
      listingByPlayerTests(bench);
      listingByIdTests(bench);
      inspectingTests(bench);
    });
    describe("leases and clocks", () => {
      leaseTests(bench);
      serviceClockTests(bench);
    });
  });
}
