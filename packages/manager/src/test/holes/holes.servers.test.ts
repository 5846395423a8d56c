import { testServers } from "@turnkeep/dev-services/testing";
import { describe, expect, test } from "vitest";
import { createNaiveSubject } from "./naive-subject.js";
import { endingScenarios, readingScenarios, savingScenarios } from "./scenarios.js";
import { HoleShown, type Subject } from "./subject.js";
import { createTurnkeepSubject } from "./turnkeep-subject.js";

async function using(create: (urls: ReturnType<typeof testServers>) => Promise<Subject>, run: (s: Subject) => unknown) {
  const subject = await create(testServers());
  try {
    await run(subject);
  } finally {
    await subject.stop();
  }
}

const scenarios = [...savingScenarios, ...readingScenarios, ...endingScenarios].sort((a, b) => a.hole - b.hole);

describe.each(scenarios)("hole $hole: $title", ({ run }) => {
  test("shows on the naive adapter", () =>
    using(createNaiveSubject, (subject) => expect(run(subject)).rejects.toBeInstanceOf(HoleShown)));
  test("does not show here", () => using(createTurnkeepSubject, run));
});

test("every hole that one Redis and one Postgres can show has its scenario", () => {
  const later = [18, 20, 21]; // slow recoverers, failover and lost replies belong to the fault suite
  const expected = Array.from({ length: 22 }, (_, i) => i + 1).filter((hole) => !later.includes(hole));
  expect(scenarios.map((scenario) => scenario.hole)).toEqual(expected);
});
