import { expect, test } from "vitest";
import { settings } from "../../config.js";
import { runWith } from "../../testing/fake-host.js";
import { masked } from "./config.js";

const given = { DATABASE_URL: "postgres://u:secret-word@127.0.0.1:5432/db", REDIS_URL: "redis://127.0.0.1:6379" };

test("every setting is printed with its value and origin; a flag wins over the environment", async () => {
  const { status, stdout } = await runWith(["config", "--json", "--port", "5"], {
    ...given,
    PORT: "4",
    LEASE_MS: "9000",
  });
  expect(status).toBe(0);
  const shown = JSON.parse(stdout) as Record<string, { value: string; from: string }>;
  expect(Object.keys(shown)).toHaveLength(Object.keys({ ...settings.usual, ...settings.advanced }).length);
  expect(shown.PORT).toEqual({ value: "5", from: "flag" });
  expect(shown.LEASE_MS).toEqual({ value: "9000", from: "environment" });
  expect(shown.DATABASE_SCHEMA).toEqual({ value: "turnkeep", from: "default" });
  expect(stdout).not.toContain("secret-word");
});

test("for people it is a table; what is wrong is named below it, without the value", async () => {
  const { status, stdout, stderr } = await runWith(["config"], { ...given, PORT: "secret-port" });
  expect(stdout).toMatch(/^setting +value +from +meaning\nDATABASE_URL +postgres:/);
  expect(stderr).toMatch(/^turnkeep: the settings are not valid:\nPORT: /);
  expect([status, stderr.includes("secret-port")]).toEqual([2, false]);
});

test("a settings file fills in what neither flag nor environment gives; one that is not there is named", async () => {
  const file = new URL("../../testing/sample.env", import.meta.url).pathname;
  const { stdout } = await runWith(["config", "--json", "--settings-file", file], { ...given, LEASE_MS: "7000" });
  const shown = JSON.parse(stdout) as Record<string, { value: string; from: string }>;
  expect([shown.PORT, shown.LEASE_MS]).toEqual([
    { value: "3999", from: "file" },
    { value: "7000", from: "environment" },
  ]);
  const missing = await runWith(["config", "--settings-file", "/nowhere/at-all"], given);
  expect(missing).toEqual({
    status: 2,
    stdout: "",
    stderr: "turnkeep: the settings are not valid:\nthe file /nowhere/at-all cannot be read\n",
    asked: [],
  });
});

test.each([
  ["postgres://user:pass@host:5432/db", "postgres://user:***@host:5432/db"],
  ["postgres://user:p@ss/w@rd@host/db", "postgres://user:***@host/db"],
  ["redis-sentinel://:one@a:1,b:2/name", "redis-sentinel://:***@a:1,b:2/name"],
  ["postgres:///db?host=/run&password=pass", "postgres:///db?host=/run&password=***"],
  ["redis://127.0.0.1:6379", "redis://127.0.0.1:6379"],
])("%s is shown as %s", (value, shown) => {
  expect(masked(value)).toBe(shown);
});
