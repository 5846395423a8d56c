import { createVirtualRuntime } from "@turnkeep/core/virtual-runtime";
import { describe, expect, test } from "vitest";
import { DirtyParts } from "./dirty-parts.js";

describe("DirtyParts", () => {
  const counting = (parts: Record<string, number>) => async () => new Map(Object.entries(parts));

  test("asks what is due, the most overdue first, and forgets what is empty", () => {
    const parts = new DirtyParts(0, counting({}), createVirtualRuntime());
    parts.note("later", 60_000);
    parts.note("b", -10);
    parts.note("a", -20);
    parts.note("a", 5_000);
    expect(parts.due(0, 10)).toEqual(["a", "b"]);
    expect(parts.due(0, 1)).toEqual(["a"]);
    parts.asked("a", null);
    parts.asked("b", 30_000);
    expect(parts.due(0, 10)).toEqual([]);
    expect(parts.due(120_000, 10)).toEqual(["b", "later"]);
  });

  test("finds what others have filled, and counts the whole", async () => {
    const parts = new DirtyParts(0, counting({ x: 2, y: 3 }), createVirtualRuntime());
    await parts.discover();
    expect([...parts.due(0, 10)].sort()).toEqual(["x", "y"]);
    expect(parts.total).toBe(5);
  });

  test("does not count again before its time", async () => {
    let counted = 0;
    const runtime = createVirtualRuntime();
    const parts = new DirtyParts(60_000, async () => new Map([["x", ++counted]]), runtime);
    await parts.discover();
    await runtime.advance(59_999);
    await parts.discover();
    expect(parts.total).toBe(1);
    await runtime.advance(1);
    await parts.discover();
    expect(parts.total).toBe(2);
    await parts.filled();
    expect(parts.total).toBe(3);
  });
});
