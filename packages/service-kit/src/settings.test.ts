import { expect, test } from "vitest";
import * as z from "zod";
import { ConfigError, environmentName, readSettings, settingLines, settingsHelp } from "./index.js";

const settings = z
  .object({
    storeUrl: z.url().describe("the store"),
    port: z.coerce.number().int().default(80).describe("the port"),
    secret: z.string().min(8).optional().describe("the secret"),
    origins: z.array(z.string()).default([]).describe("the origins"),
  })
  .readonly();

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

test("lines and help tell name, default and meaning", () => {
  expect(settingLines(settings).map(({ name, fallback }) => [name, fallback])).toEqual([
    ["STORE_URL", "required"],
    ["PORT", "80"],
    ["SECRET", "none"],
    ["ORIGINS", '""'],
  ]);
  expect(settingsHelp(settings).split("\n").slice(2)).toEqual([
    "  STORE_URL             the store (required)",
    "  PORT                  the port (default 80)",
    "  SECRET                the secret (default none)",
    '  ORIGINS               the origins (default "")',
  ]);
});
