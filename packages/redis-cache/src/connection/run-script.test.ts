import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, test } from "vitest";
import { scripts } from "../generated/scripts.js";

describe("the generated scripts", () => {
  test("are one for each file, with every piece taken in and the hash of the whole", () => {
    const folder = new URL("../scripts/", import.meta.url);
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".lua"));
    const own = files.filter((file) => !file.startsWith("include/"));
    expect(Object.keys(scripts).sort()).toEqual(own.map((file) => basename(file, ".lua")).sort());
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
