import { ConfigError, settingLines } from "@turnkeep/service-kit";
import { expect, test } from "vitest";
import { readConfig, settings } from "./config.js";

const given = { DATABASE_URL: "postgres://u:secret-word@127.0.0.1:5432/db", REDIS_URL: "redis://127.0.0.1:6379" };

test("two addresses are enough; the rest has defaults", () => {
  const config = readConfig({ ...given, PORT: "", UNRELATED: "x" });
  expect(config).toMatchObject({ port: 3001, leaseMs: 15_000, migrateOnStart: true, databaseSchema: "turnkeep" });
  expect(Object.isFrozen(config)).toBe(true);
});

test("texts become numbers and booleans", () => {
  const config = readConfig({
    ...given,
    PORT: "0",
    STALE_AFTER_MS: "5000",
    MIGRATE_ON_START: "false",
    LOADS_AT_ONCE: "9",
  });
  expect(config).toMatchObject({ port: 0, staleAfterMs: 5_000, migrateOnStart: false, loadsAtOnce: 9 });
});

test("every complaint names its variable and never its value", () => {
  const complain = () => readConfig({ DATABASE_URL: "mysql://secret-word", PORT: "many", REDIS_KEY_PREFIX: "{a}" });
  expect(complain).toThrow(ConfigError);
  expect(complain).toThrow(/DATABASE_URL: .+\nREDIS_URL: is required\nREDIS_KEY_PREFIX: .+\nPORT: /);
  expect(complain).not.toThrow(/secret-word|many|\{a\}/);
});

test("every setting has a description", () => {
  for (const { name, description } of settingLines({ ...settings.usual, ...settings.advanced })) {
    expect(description, name).not.toBe("");
  }
});
