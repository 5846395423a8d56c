import { settingLines } from "@turnkeep/service-kit";
import { expect, test } from "vitest";
import { parseCommand } from "./command.js";
import { settings } from "./config.js";

test("without arguments it watches; options are recognised", () => {
  expect(parseCommand([])).toEqual({ kind: "run", flags: new Set() });
  expect(parseCommand(["--once"])).toEqual({ kind: "run", flags: new Set(["once"]) });
  expect(parseCommand(["--once", "--json"])).toEqual({ kind: "run", flags: new Set(["once", "json"]) });
  expect(parseCommand(["--version"]).kind).toBe("print");
  expect(parseCommand(["--once", "--help"]).kind).toBe("print");
});

test("what is not known is named and nothing is done", () => {
  expect(parseCommand(["--onec"])).toMatchObject({ kind: "refuse", text: expect.stringContaining("--onec") });
  expect(parseCommand(["now"])).toMatchObject({ kind: "refuse", text: expect.stringContaining("now") });
  expect(parseCommand(["--json"])).toMatchObject({ kind: "refuse" });
});

test("the help names every option and every setting, the advanced ones on request", () => {
  const help = parseCommand(["--help"]);
  const all = parseCommand(["--help", "--advanced"]);
  for (const option of ["--once", "--json", "--help", "--advanced", "--version"]) {
    expect(help).toMatchObject({ kind: "print", text: expect.stringContaining(option) });
  }
  for (const { name } of settingLines(settings.usual)) {
    expect(help).toMatchObject({ text: expect.stringContaining(`${name} `) });
  }
  for (const { name } of settingLines({ ...settings.usual, ...settings.advanced })) {
    expect(all).toMatchObject({ text: expect.stringContaining(`${name} `) });
  }
});
