import { settingLines } from "@turnkeep/service-kit";
import { expect, test } from "vitest";
import { version } from "../package.json";
import { parseCommand } from "./command-line.js";
import { settings } from "./config.js";

test("--help names the usual settings, with --advanced every one, --version the version, nothing else is understood", () => {
  const [help, all] = [parseCommand(["--help"]), parseCommand(["--help", "--advanced"])];
  for (const { name, description } of settingLines(settings.usual)) {
    expect(help).toMatchObject({ kind: "print", text: expect.stringContaining(name) });
    expect(help).toMatchObject({ kind: "print", text: expect.stringContaining(description) });
  }
  for (const { name, description } of settingLines({ ...settings.usual, ...settings.advanced })) {
    expect(all).toMatchObject({ kind: "print", text: expect.stringContaining(name) });
    expect(all).toMatchObject({ kind: "print", text: expect.stringContaining(description) });
  }
  expect(parseCommand(["--version"])).toEqual({ kind: "print", text: `${version}\n` });
  expect(parseCommand(["--port", "1"])).toMatchObject({ kind: "refuse" });
  expect(parseCommand([])).toEqual({ kind: "run", flags: new Set() });
});
