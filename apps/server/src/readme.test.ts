import { readFileSync } from "node:fs";
import { settingLines } from "@turnkeep/service-kit";
import { expect, test } from "vitest";
import { settings } from "./config.js";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

test("the README's table of settings is what the program reads", () => {
  const rows = readme.split("\n").filter((line) => /^\| `[A-Z_]+` \|/.test(line));
  const expected = settingLines(settings).map(({ name, fallback, description }) => {
    const shown = fallback === "required" || fallback === "none" ? fallback : `\`${fallback}\``;
    return `| \`${name}\` | ${shown} | ${description} |`;
  });
  expect(rows).toEqual(expected);
});
