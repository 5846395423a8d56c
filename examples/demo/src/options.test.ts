import { expect, test } from "vitest";
import { helpText, readDemoOptions } from "./options.js";

test("nothing given is twenty matches, five kills and a random seed", () => {
  expect(readDemoOptions([])).toMatchObject({ matches: 20, kills: 5, json: false, help: false });
  expect(readDemoOptions(["--seed", "7", "--matches", "30", "--json"])).toMatchObject({
    seed: 7,
    matches: 30,
    json: true,
  });
});

test("what is not sound is refused by name", () => {
  expect(() => readDemoOptions(["--matches", "none"])).toThrow("--matches");
  expect(() => readDemoOptions(["--kill", "3"])).toThrow("--kill");
  expect(() => readDemoOptions(["now"])).toThrow("now");
});

test("the help names every option", () => {
  for (const name of ["--matches N", "--kills N", "--seed N", "--timeout N", "--json", "--verbose", "--help"]) {
    expect(helpText()).toContain(name);
  }
});
