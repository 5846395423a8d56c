import { TurnkeepError } from "@turnkeep/core";
import { createVirtualRuntime } from "@turnkeep/core/virtual-runtime";
import { Registry } from "prom-client";
import { expect, test, vi } from "vitest";
import { sampleQuarantined } from "./sample-quarantined.js";

test("quarantined games are counted every 10 s, never at a scrape, and while the store is away the last count stays", async () => {
  const runtime = createVirtualRuntime();
  const register = new Registry();
  const away = new TurnkeepError("StoreUnavailable", "away", { fate: "notDone", reason: "away" });
  const countQuarantined = vi.fn(async () => 3).mockRejectedValueOnce(away);
  const shown = async () => /^turnkeep_quarantined_games (.*)$/m.exec(await register.metrics())?.[1];
  const stop = sampleQuarantined({ countQuarantined }, register, runtime);
  await runtime.runReady();
  expect(await shown()).toBe("Nan");
  await runtime.advance(10_000);
  expect(await shown()).toBe("3");
  countQuarantined.mockRejectedValueOnce(away);
  await runtime.advance(10_000);
  expect(await shown()).toBe("3");
  countQuarantined.mockResolvedValue(0);
  await runtime.advance(10_000);
  expect(await shown()).toBe("0");
  expect(countQuarantined).toHaveBeenCalledTimes(4);
  stop();
  await runtime.advance(60_000);
  expect(countQuarantined).toHaveBeenCalledTimes(4);
});
