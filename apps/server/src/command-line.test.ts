import { settingLines } from "@turnkeep/service-kit";
import { expect, test } from "vitest";
import { version } from "../package.json";
import { parseWish } from "./command-line.js";
import { settings } from "./config.js";

test("--help names every setting, --version the version, nothing else is understood", () => {
  const help = parseWish(["--help"]);
  expect(help.kind).toBe("print");
  for (const { name, description } of settingLines(settings)) {
    expect(help).toMatchObject({ text: expect.stringContaining(name) });
    expect(help).toMatchObject({ text: expect.stringContaining(description) });
  }
  expect(parseWish(["--version"])).toEqual({ kind: "print", text: `${version}\n` });
  expect(parseWish(["--port", "1"])).toMatchObject({ kind: "refuse" });
  expect(parseWish([])).toEqual({ kind: "serve" });
});
