import { describe, expect, test } from "vitest";
import { ClusterTags } from "./cluster-tags.js";

describe("ClusterTags", () => {
  const counting = (parts: Record<string, number>) => async () => new Map(Object.entries(parts));

  test("asks what is due, the most overdue first, and forgets what is empty", () => {
    const tags = new ClusterTags(0, counting({}));
    tags.note("later", 60_000);
    tags.note("b", -10);
    tags.note("a", -20);
    tags.note("a", 5_000);
    expect(tags.due(0, 10)).toEqual(["a", "b"]);
    expect(tags.due(0, 1)).toEqual(["a"]);
    tags.asked("a", null);
    tags.asked("b", 30_000);
    expect(tags.due(0, 10)).toEqual([]);
    expect(tags.due(120_000, 10)).toEqual(["b", "later"]);
  });

  test("finds what others have filled, and counts the whole", async () => {
    const tags = new ClusterTags(0, counting({ x: 2, y: 3 }));
    await tags.discover();
    expect([...tags.due(0, 10)].sort()).toEqual(["x", "y"]);
    expect(tags.total).toBe(5);
  });

  test("does not count again before its time", async () => {
    let counted = 0;
    const tags = new ClusterTags(60_000, async () => new Map([["x", ++counted]]));
    await tags.discover();
    await tags.discover();
    expect(tags.total).toBe(1);
    await tags.filled();
    expect(tags.total).toBe(2);
  });
});
