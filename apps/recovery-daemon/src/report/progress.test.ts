import { expect, test, vi } from "vitest";
import { recoveryProgress } from "./progress.js";

const logger = () => ({ debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() });

test("a terminal gets a bar that redraws itself and ends with the line", () => {
  const log = logger();
  const write = vi.fn();
  const show = recoveryProgress({ isTTY: true, write }, log);
  show({ done: 1, total: 2 });
  show({ done: 2, total: 2 });
  const drawn = write.mock.calls.map(([text]) => text);
  expect(drawn[0]).toMatch(/^\r.*#{15} {15}\] 1\/2$/);
  expect(drawn[1]).toMatch(/#{30}\] 2\/2\n$/);
  expect(log.info).not.toHaveBeenCalled();
});

test("anything else gets a log line at each tenth", () => {
  const log = logger();
  const write = vi.fn();
  const show = recoveryProgress({ write }, log);
  for (let done = 0; done <= 1_000; done++) show({ done, total: 1_000 });
  expect(log.info).toHaveBeenCalledTimes(11);
  expect(log.info).toHaveBeenLastCalledWith({ done: 1_000, total: 1_000 }, "recovering games");
  expect(write).not.toHaveBeenCalled();
});
