import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { scripts } from "../generated/scripts.js";

describe("the generated scripts", () => {
  test("are one for each file, with every piece taken in and the hash of the whole", () => {
    const folder = new URL("../scripts/", import.meta.url);
    const files = readdirSync(folder).filter((file) => file.endsWith(".lua"));
    expect(Object.keys(scripts).sort()).toEqual(files.map((file) => file.slice(0, -4)).sort());
    for (const [name, { lua, sha }] of Object.entries(scripts)) {
      expect(lua, name).not.toContain("@include");
      expect(createHash("sha1").update(lua).digest("hex"), name).toBe(sha);
    }
  });

  test("never decode a state", () => {
    const folder = new URL("../scripts/", import.meta.url);
    const sources = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".lua"));
    for (const file of sources) expect(readFileSync(new URL(file, folder), "utf8"), file).not.toMatch(/cjson|cmsgpack/);
  });
});
