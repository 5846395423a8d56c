import { settingLines } from "@turnkeep/service-kit";
import { expect, test } from "vitest";
import { helpText, parseWish } from "./command.js";
import { settings } from "./config.js";

test("without arguments it watches; options are told apart", () => {
  expect(parseWish([])).toMatchObject({ kind: "watch" });
  expect(parseWish(["--once"])).toMatchObject({ kind: "once", json: false });
  expect(parseWish(["--once", "--json"])).toMatchObject({ kind: "once", json: true });
  expect(parseWish(["--version"])).toMatchObject({ kind: "version" });
  expect(parseWish(["--once", "--help"])).toMatchObject({ kind: "help" });
});

test("what is not known is named and nothing is done", () => {
  expect(parseWish(["--onec"])).toMatchObject({ kind: "unknown", unknown: ["--onec"] });
  expect(parseWish(["now"])).toMatchObject({ kind: "unknown", unknown: ["now"] });
  expect(parseWish(["--json"])).toMatchObject({ kind: "unknown" });
});

test("the help names every option and every setting", async () => {
  const help = await helpText();
  for (const option of ["--once", "--json", "--help", "--version"]) expect(help).toContain(option);
  for (const { name } of settingLines(settings)) expect(help).toContain(name);
});
