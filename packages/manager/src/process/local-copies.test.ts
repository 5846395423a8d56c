import { parseVersion } from "@turnkeep/core";
import { expect, test } from "vitest";
import { LocalCopies } from "./local-copies.js";

const game = (version: string) => ({ state: { version }, version: parseVersion(version), status: "live" as const });

test("a slow answer never replaces a newer copy", () => {
  const copies = new LocalCopies<{ version: string }>(1_000);
  copies.put("a", game("3.7"), 10);
  copies.put("a", game("3.6"), 10);
  expect(copies.get("a")?.version).toBe("3.7");
  copies.put("a", game("10.1"), 10);
  expect(copies.get("a")?.version).toBe("10.1");
});

test("what the cache answers replaces the version that was known when it was asked, unless another came meanwhile", () => {
  const copies = new LocalCopies<{ version: string }>(1_000);
  copies.put("a", game("9.9"), 10);
  copies.put("a", game("3.1"), 10, parseVersion("9.9"));
  expect(copies.get("a")?.version).toBe("3.1");
  copies.put("a", game("3.2"), 10);
  copies.put("a", game("3.1"), 10, parseVersion("9.9"));
  expect(copies.get("a")?.version).toBe("3.2");
});

test("copies are bounded by the bytes of their text; versions outlive them", () => {
  const copies = new LocalCopies<{ version: string }>(100);
  for (let n = 1; n <= 5; n++) copies.put(`g${n}`, game(`1.${n}`), 40);
  expect(["g1", "g2", "g3", "g4", "g5"].filter((id) => copies.get(id) !== undefined)).toEqual(["g4", "g5"]);
  expect(copies.versionOf("g1")).toBe("1.1");
});

test("a copy larger than the whole bound is not kept, nor is any with a bound of 0", () => {
  const copies = new LocalCopies<{ version: string }>(100);
  copies.put("big", game("1.1"), 101);
  expect(copies.get("big")).toBeUndefined();
  const none = new LocalCopies<{ version: string }>(0);
  none.put("a", game("1.1"), 1);
  expect(none.get("a")).toBeUndefined();
  expect(none.versionOf("a")).toBe("1.1");
});

test("a dropped copy keeps its version, a forgotten one does not", () => {
  const copies = new LocalCopies<{ version: string }>(100);
  copies.put("a", game("1.1"), 10);
  copies.drop("a");
  expect([copies.get("a"), copies.versionOf("a")]).toEqual([undefined, "1.1"]);
  copies.forget("a");
  expect(copies.versionOf("a")).toBeUndefined();
});
