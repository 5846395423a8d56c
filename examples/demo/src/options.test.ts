import { expect, test } from "vitest";
import { helpText, readOptions } from "./options.js";

test("nothing given is twenty matches, five kills and a random seed", () => {
  expect(readOptions([])).toMatchObject({ matches: 20, kills: 5, json: false, help: false });
  expect(readOptions(["--seed", "7", "--matches", "30", "--json"])).toMatchObject({ seed: 7, matches: 30, json: true });
});

test("what is not sound is refused by name", () => {
  expect(() => readOptions(["--matches", "none"])).toThrow("--matches");
  expect(() => readOptions(["--kill", "3"])).toThrow("--kill");
  expect(() => readOptions(["now"])).toThrow("now");
});

test("the help names every option", () => {
  for (const name of ["--matches N", "--kills N", "--seed N", "--timeout N", "--json", "--verbose", "--help"]) {
    expect(helpText()).toContain(name);
  }
});
