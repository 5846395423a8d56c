import { createVirtualRuntime } from "@turnkeep/core/virtual-runtime";
import { describe, expect, test } from "vitest";
import { alwaysFailing } from "./always-failing.js";
import { delayed } from "./delayed.js";
import { failingOnce } from "./failing-once.js";
import { away, busy, followedBy, loseReply, precededBy } from "./faults.js";
import { createGate } from "./gate.js";
import { intercept } from "./intercept.js";
import { interceptable } from "./interceptable.js";
import { losingReply } from "./losing-reply.js";
import { pausedAt } from "./paused-at.js";
import { withSteps } from "./with-steps.js";

/** A tiny port: it keeps texts in a private field, so that it works only as itself. */
class Notes {
  readonly kind = "notes";
  readonly #notes: string[] = [];

  async start(): Promise<void> {}
  async add(note: string): Promise<number> {
    return this.#notes.push(note);
  }
  async list(): Promise<readonly string[]> {
    return [...this.#notes];
  }
  afterCommit(hook: () => void): void {
    hook();
  }
}

class FlushingNotes extends Notes {
  async flush(): Promise<void> {}
}

const cacheAway = (fate: string) => ({ code: "CacheUnavailable", details: { fate } });

/** Whether the promise is pending still when all that is under way now is done. */
async function isPending(promise: Promise<unknown>): Promise<boolean> {
  const later = new Promise((resolve) => setImmediate(resolve, "later"));
  return (await Promise.race([promise, later])) === "later";
}

describe("intercept", () => {
  test("puts something in the place of one operation, which may make the real call and sees its arguments", async () => {
    const seen: string[] = [];
    const port = intercept(new Notes(), {
      add: async (call, note) => {
        seen.push(note);
        return (await call()) + 100;
      },
    });
    expect(await port.add("one")).toBe(101);
    expect(await port.list()).toEqual(["one"]);
    expect(seen).toEqual(["one"]);
    expect(port.kind).toBe("notes");
  });

  test("may leave the real call out", async () => {
    const inner = new Notes();
    const port = intercept(inner, { add: async () => 0 });
    expect(await port.add("one")).toBe(0);
    expect(await inner.list()).toEqual([]);
  });
});

describe("alwaysFailing", () => {
  test("makes no call and fails every one as a cache or a store that is away", async () => {
    const inner = new Notes();
    await expect(alwaysFailing(inner).add("one")).rejects.toMatchObject(cacheAway("notDone"));
    expect(await inner.list()).toEqual([]);
    const store = alwaysFailing(new FlushingNotes());
    await expect(store.list()).rejects.toMatchObject({ code: "StoreUnavailable", details: { fate: "notDone" } });
  });

  test("fails with the error given, but starts, and leaves calls alone that answer at once", async () => {
    const port = alwaysFailing(new Notes(), new Error("on fire"));
    await expect(port.list()).rejects.toThrow("on fire");
    await port.start();
    let hooks = 0;
    port.afterCommit(() => {
      hooks += 1;
    });
    expect(hooks).toBe(1);
  });
});

describe("delayed", () => {
  test("begins calls later by some milliseconds", async () => {
    const inner = new Notes();
    const runtime = createVirtualRuntime();
    const added = delayed(inner, 20, runtime).add("one");
    await runtime.advance(19);
    expect(await inner.list()).toEqual([]);
    await runtime.advance(1);
    expect(await inner.list()).toEqual(["one"]);
    expect(await added).toBe(1);
  });

  test("begins calls once the gate is open, and later ones at once", async () => {
    const inner = new Notes();
    const gate = createGate();
    const port = delayed(inner, gate);
    const added = port.add("one");
    expect(await isPending(added)).toBe(true);
    expect(await inner.list()).toEqual([]);
    gate.open();
    expect(await added).toBe(1);
    expect(await port.add("two")).toBe(2);
  });
});

describe("failingOnce", () => {
  test("fails the first call of one operation without making it, and no other", async () => {
    const inner = new Notes();
    const port = failingOnce(inner, "add");
    expect(await port.list()).toEqual([]);
    await expect(port.add("one")).rejects.toMatchObject(cacheAway("notDone"));
    expect(await inner.list()).toEqual([]);
    expect(await port.add("two")).toBe(1);
    await expect(failingOnce(inner, "add", new Error("full")).add("three")).rejects.toThrow("full");
  });
});

describe("losingReply", () => {
  test("makes the call, and the caller cannot know what became of it", async () => {
    const inner = new Notes();
    const port = losingReply(inner, "add");
    await expect(port.add("one")).rejects.toMatchObject(cacheAway("unknown"));
    expect(await inner.list()).toEqual(["one"]);
    expect(await port.add("two")).toBe(2);
    const store = losingReply(new FlushingNotes(), "flush", 2);
    for (const _time of ["first", "second"]) {
      await expect(store.flush()).rejects.toMatchObject({ code: "StoreUnavailable", details: { fate: "unknown" } });
    }
    expect(await store.flush()).toBeUndefined();
  });
});

describe("pausedAt", () => {
  test("stops before the call until it is released; others pass meanwhile", async () => {
    const inner = new Notes();
    const { port, reached, release } = pausedAt(inner, "add");
    expect(await isPending(reached)).toBe(true);
    const added = port.add("one");
    await reached;
    expect(await port.list()).toEqual([]);
    expect(await isPending(added)).toBe(true);
    release();
    expect(await added).toBe(1);
    expect(await port.add("two")).toBe(2);
  });

  test("stops after the call, with its reply on the way", async () => {
    const { port, reached, release } = pausedAt(new Notes(), "add", "after");
    const added = port.add("one");
    await reached;
    expect(await port.list()).toEqual(["one"]);
    expect(await isPending(added)).toBe(true);
    release();
    expect(await added).toBe(1);
  });
});

describe("withSteps", () => {
  test("reports each call before it is made and after it has returned, and waits for the report", async () => {
    const inner = new Notes();
    const seen: [string, number][] = [];
    const port = withSteps(inner, "notes", async (step) => {
      seen.push([step, (await inner.list()).length]);
    });
    await port.start();
    expect(await port.add("one")).toBe(1);
    expect(seen).toEqual([
      ["before notes.add", 0],
      ["after notes.add", 1],
    ]);
  });

  test("does not make a call whose report fails", async () => {
    const inner = new Notes();
    const port = withSteps(inner, "notes", (step) => {
      if (step === "before notes.add") throw new Error("stopped here");
    });
    await expect(port.add("one")).rejects.toThrow("stopped here");
    expect(await inner.list()).toEqual([]);
  });
});

describe("interceptable", () => {
  test("meets a fault as often as it is asked to, until it is healed, and counts the calls", async () => {
    const inner = new Notes();
    const { port, calls, on, heal } = interceptable(inner);
    on("add", away(), 1);
    await expect(port.add("one")).rejects.toMatchObject(cacheAway("notDone"));
    expect(await port.add("two")).toBe(1);
    on("add", loseReply());
    await expect(port.add("three")).rejects.toMatchObject(cacheAway("unknown"));
    heal();
    expect(await port.list()).toEqual(["two", "three"]);
    expect(calls).toEqual(["add", "add", "add", "list"]);
  });

  test("may be busy, and may do something else before a call or before its reply", async () => {
    const inner = new FlushingNotes();
    const { port, on } = interceptable(inner);
    on("flush", busy());
    await expect(port.flush()).rejects.toMatchObject({ code: "StoreUnavailable", details: { reason: "busy" } });
    on(
      "list",
      precededBy(() => inner.add("before")),
      1,
    );
    expect(await port.list()).toEqual(["before"]);
    on(
      "list",
      followedBy(() => inner.add("after")),
    );
    expect(await port.list()).toEqual(["before"]);
    expect(await inner.list()).toEqual(["before", "after"]);
  });
});
