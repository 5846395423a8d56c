import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { findPrometheus } from "@turnkeep/dev-services";
import { testServers, uniqueName } from "@turnkeep/dev-services/testing";
import { Programs } from "@turnkeep/match-kit";
import { beforeAll, describe, expect, test } from "vitest";
import { deployFile } from "../deploy-files.js";
import { alertFaults } from "./faults.js";

const rules = readFileSync(deployFile("prometheus/alerts.yml"), "utf8");
const alerts = [...rules.matchAll(/- alert: (\w+)/g)].map(([, name]) => name);

test("each alert has a fault that raises it", () => {
  expect(alertFaults.map(({ alert }) => `Turnkeep${alert}`).sort()).toEqual([...alerts].sort());
});

test("docs/alerts.md names each alert", () => {
  const handbook = readFileSync(new URL("../../../../docs/alerts.md", import.meta.url), "utf8");
  expect(alerts.filter((alert) => !handbook.includes(`\`${alert}\``))).toEqual([]);
});

test("promtool finds the rules sound, and each fires for its trouble and stays silent beside it", async () => {
  const { promtool } = await findPrometheus();
  const { status, stdout, stderr } = spawnSync(promtool, ["test", "rules", "alerts.test.yml"], {
    cwd: deployFile("prometheus"),
    encoding: "utf8",
  });
  expect(`${stdout}${stderr}`).toContain("SUCCESS");
  expect(status).toBe(0);
});

describe("what the programs report", () => {
  let reported: ReadonlySet<string>;
  beforeAll(async () => {
    const { databaseUrl, redisUrl } = testServers();
    const name = uniqueName("alerts");
    const stores = { databaseUrl, redisUrl, schema: name, keyPrefix: `${name}:`, close: async () => undefined };
    const { signal } = new AbortController();
    const keys = { JWT_SECRET: "", JWT_JWKS_URL: "http://127.0.0.1:9/keys" };
    const options = { stores, jwtSecret: "", servers: 1, verbose: false, serverSettings: () => keys };
    const programs = await Programs.start(options, signal);
    try {
      const pages = [...programs.metricsUrls, programs.daemonMetricsUrl];
      const texts = await Promise.all(pages.map(async (url) => (await fetch(url)).text()));
      const named = texts.join("\n").matchAll(/^# TYPE (\S+) (\S+)/gm);
      reported = new Set(
        [...named].flatMap(([, metric = "", type]) =>
          type === "histogram" ? [`${metric}_bucket`, `${metric}_count`, `${metric}_sum`] : [metric],
        ),
      );
    } finally {
      await programs.kill();
    }
  });

  test.each([
    ["alert rules", rules],
    ["dashboard", readFileSync(deployFile("grafana/turnkeep.json"), "utf8")],
  ])("the %s ask for nothing else", (_, text) => {
    const asked = new Set(text.match(/\b(turnkeep|nodejs|process)_[a-z0-9_]+/g));
    expect(asked.size).toBeGreaterThan(5);
    expect([...asked].filter((metric) => !reported.has(metric))).toEqual([]);
  });
});
