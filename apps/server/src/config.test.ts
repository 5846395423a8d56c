import { settingsSchema } from "@turnkeep/manager";
import { ConfigError, settingLines } from "@turnkeep/service-kit";
import { expect, test } from "vitest";
import { managerConfig, readConfig, settings } from "./config.js";

const required = { DATABASE_URL: "postgres://u:p@localhost:5432/db", REDIS_URL: "redis://localhost:6379" };
const secret = "a-secret-of-more-than-32-characters!";

function complaints(environment: Record<string, string>): string[] {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split("\n");
    throw error;
  }
  return [];
}

test("only the two stores must be given, and without token settings the server is in demo mode", () => {
  const config = readConfig({ ...required, PORT: "" });
  expect(config).toMatchObject({ host: "127.0.0.1", port: 3000, dataDir: ".data", allowedOrigins: [] });
  expect(config.jwtSecret).toBeUndefined();
  expect(config.jwtJwksUrl).toBeUndefined();
});

test("each problem is one line that names its setting", () => {
  expect(complaints({ REDIS_URL: "http://x", PORT: "99999", LOG_LEVEL: "loud" })).toEqual([
    "DATABASE_URL: is required",
    expect.stringMatching(/^REDIS_URL: /),
    expect.stringMatching(/^PORT: /),
    expect.stringMatching(/^LOG_LEVEL: /),
  ]);
});

test("no complaint shows a value", () => {
  const lines = complaints({
    DATABASE_URL: "mysql://root:hunter2@db/x",
    REDIS_URL: "hunter2",
    JWT_SECRET: "hunter2",
    PORT: "hunter2",
    ALLOWED_ORIGINS: "hunter2",
  });
  expect(lines).toHaveLength(5);
  expect(lines.join("\n")).not.toContain("hunter2");
});

test("what the manager takes is read by its own bounds, and reaches it as it is", () => {
  const given = { LOCAL_COPY_BYTES: "0", FLUSH_WITHIN_MS: "250", TURN_BOUNDARY_WHILE_STORE_AWAY: "writeBehind" };
  const config = managerConfig(readConfig({ ...required, ...given }));
  const usual = { localCopyBytes: 0, flushWithinMs: 250, turnBoundaryWhileStoreAway: "writeBehind" };
  const expected = { ...usual, advanced: { loadsAtOnce: 4 } };
  expect(config).toMatchObject(expected);
  expect(settingsSchema.parse(config)).toMatchObject(expected);
  expect(complaints({ ...required, FLUSH_WITHIN_MS: "1", LOADS_AT_ONCE: "many" })).toEqual([
    expect.stringMatching(/^FLUSH_WITHIN_MS: /),
    expect.stringMatching(/^LOADS_AT_ONCE: /),
  ]);
});

test("a secret excludes a JWKS, and issuer and audience need one of them", () => {
  expect(complaints({ ...required, JWT_SECRET: secret, JWT_JWKS_URL: "https://id.example/jwks" })).toEqual([
    expect.stringMatching(/^JWT_JWKS_URL: /),
  ]);
  expect(complaints({ ...required, JWT_ISSUER: "me", JWT_AUDIENCE: "you" })).toEqual([
    expect.stringMatching(/^JWT_ISSUER: /),
    expect.stringMatching(/^JWT_AUDIENCE: /),
  ]);
  expect(complaints({ ...required, JWT_SECRET: secret, JWT_ISSUER: "me" })).toEqual([]);
});

test("origins are a list; one with a path is refused", () => {
  expect(readConfig({ ...required, ALLOWED_ORIGINS: "https://a.example, http://b.example:81" }).allowedOrigins).toEqual(
    ["https://a.example", "http://b.example:81"],
  );
  expect(complaints({ ...required, ALLOWED_ORIGINS: "https://a.example/play" })).toEqual([
    expect.stringMatching(/^ALLOWED_ORIGINS: /),
  ]);
});

test("every setting has a description", () => {
  for (const { name, description } of settingLines({ ...settings.usual, ...settings.advanced })) {
    expect(description, name).not.toBe("");
  }
});
