import { expect, test } from "vitest";
import { checkGame } from "./index.js";
import { howToPlay, showdown } from "./testing/showdown.js";

test("nothing is wrong with a healthy game, whatever the seed", async () => {
  for (const seed of [1, 2, 3]) {
    const report = await checkGame(showdown, howToPlay, { seed });
    expect(report).toMatchObject({ seed, findings: [], notChecked: [] });
    expect(report.ended).toBeGreaterThan(20);
  }
});
