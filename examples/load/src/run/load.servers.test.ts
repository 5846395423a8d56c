import { patienceMs } from "@turnkeep/dev-services";
import { testServers } from "@turnkeep/dev-services/testing";
import { expect, test } from "vitest";
import { readLoadOptions } from "../options.js";
import { loadTable } from "../report/load-table.js";
import { runLoad } from "./run-load.js";

test("a short load from the sources: no error, and every acknowledged action is there", async () => {
  const flags = ["--matches", "20", "--clients", "1", "--seconds", "8", "--ramp-seconds", "2", "--think-ms", "300"];
  const options = readLoadOptions([...flags, "--seed", "3"]);
  const result = await runLoad(options, testServers(), () => undefined, AbortSignal.timeout(3 * patienceMs));
  expect(result.findings.flatMap(({ failures }) => failures)).toEqual([]);
  expect(result.findings.every(({ ok }) => ok)).toBe(true);
  expect(result.errors).toEqual({});
  expect(result.actions).toBeGreaterThan(50);
  expect(result.servers).toHaveLength(2);
  for (const { count, p50, max } of [result.writeBehind, result.durable, result.push]) {
    expect(count).toBeGreaterThan(5);
    expect(p50).toBeGreaterThan(0);
    expect(max).toBeGreaterThanOrEqual(p50);
  }
  for (const { cpu, residentMb } of result.servers) {
    expect(cpu).toBeGreaterThan(0);
    expect(residentMb).toBeGreaterThan(10);
  }
  expect(loadTable(result)).toContain("an action over WebSocket");
});
