import { readFileSync } from "node:fs";
import { settingsTable } from "@turnkeep/service-kit";
import { expect, test } from "vitest";
import { settings } from "./config.js";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

test("the README's tables of settings are what the program reads, and the first is short", () => {
  expect(readme).toContain(settingsTable(settings.usual));
  expect(readme).toContain(settingsTable(settings.advanced));
  expect(readme.match(/^\| `[A-Z_]+` \|/gm)).toHaveLength(
    Object.keys({ ...settings.usual, ...settings.advanced }).length,
  );
  expect(Object.keys(settings.usual).length).toBeLessThanOrEqual(30);
});
