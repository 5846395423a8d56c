import { expect, test } from "vitest";
import * as z from "zod";
import {
  ConfigError,
  environmentName,
  misspeltSettings,
  readSettings,
  settingLines,
  settingsHelp,
  settingsTable,
} from "../index.js";

const usual = {
  storeUrl: z.url().describe("the store"),
  port: z.coerce.number().int().default(80).describe("the port"),
  secret: z.string().min(8).optional().describe("the secret"),
};
const settings = { usual, advanced: { origins: z.array(z.string()).default([]).describe("the origins") } };

test("names follow from the settings", () => {
  expect(environmentName("tombstonesKeptMs")).toBe("TOMBSTONES_KEPT_MS");
});

test("what is given is read, an empty variable counts as absent, the rest has defaults", () => {
  const config = readSettings(settings, { STORE_URL: "x://y", PORT: "", UNRELATED: "x" });
  expect(config).toEqual({ storeUrl: "x://y", port: 80, origins: [] });
  expect(Object.isFrozen(config)).toBe(true);
});

test("all complaints come at once, contradictions last, with names and without values", () => {
  const contradictions = (given: ReadonlySet<string>) => [`given: ${[...given].join(" ")}`];
  const read = () => readSettings(settings, { PORT: "hunter2", SECRET: "short" }, contradictions);
  expect(read).toThrow(ConfigError);
  expect(read).toThrow(/^STORE_URL: is required\nPORT: .+\nSECRET: .+\ngiven: port secret$/);
  expect(read).not.toThrow(/hunter2|short/);
});

test("a contradiction alone is refused", () => {
  expect(() => readSettings(settings, { STORE_URL: "x://y" }, () => ["never"])).toThrow(/^never$/);
});

test("lines, help and table show name, default and meaning", () => {
  expect(
    settingLines({ ...settings.usual, ...settings.advanced }).map(({ name, fallback }) => [name, fallback]),
  ).toEqual([
    ["STORE_URL", "required"],
    ["PORT", "80"],
    ["SECRET", "none"],
    ["ORIGINS", '""'],
  ]);
  expect(settingsHelp(settings, true).split("\n").slice(2)).toEqual([
    "  STORE_URL             the store (required)",
    "  PORT                  the port (default 80)",
    "  SECRET                the secret (default none)",
    "",
    "ADVANCED SETTINGS, seldom changed",
    "",
    '  ORIGINS               the origins (default "")',
  ]);
  expect(settingsHelp(settings, false)).toMatch(/1 more are seldom changed: --help --advanced$/);
  expect(settingsTable(usual)).toBe(
    [
      "| variable | default | meaning |",
      "|---|---|---|",
      "| `STORE_URL` | required | the store |",
      "| `PORT` | `80` | the port |",
      "| `SECRET` | none | the secret |",
    ].join("\n"),
  );
});

test.each([
  ["PROT", "PORT"],
  ["PORTS", "PORT"],
  ["PRT", "PORT"],
  ["port", "PORT"],
  ["STOREURL", "STORE_URL"],
  ["STORE_URI", "STORE_URL"],
])("%s is reported as %s misspelt", (variable, meant) => {
  expect(misspeltSettings(settings, { [variable]: "1" })).toEqual([{ variable, meant }]);
});

test("what is no slip, or beside the setting itself, is not reported", () => {
  const usualVariables = { HOME: "/", HOSTNAME: "here", PATH: "/bin", PWD: "/", LANG: "C", SORT_ORDER: "up" };
  expect(misspeltSettings(settings, usualVariables)).toEqual([]);
  expect(misspeltSettings(settings, { PORT: "1", PROT: "2" })).toEqual([]);
});

test("a required setting that is missing is reported with the variable that was probably meant", () => {
  expect(() => readSettings(settings, { STORE_ULR: "x://hunter2" })).toThrow(
    /^STORE_URL: is required; STORE_ULR is given and no setting$/,
  );
});
