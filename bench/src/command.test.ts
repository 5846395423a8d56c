import { expect, test } from "vitest";
import { helpText, parseOptions } from "./command.js";

const rows = ["action", "turn"];

test("rows are chosen by name, and a name that does not exist is refused with those that do", () => {
  expect(parseOptions(["--only", "turn,action", "--quick"], rows)).toMatchObject({
    only: ["turn", "action"],
    quick: true,
  });
  expect(parseOptions([], rows)).toMatchObject({ only: null, quick: false, save: null, compare: null, report: null });
  expect(() => parseOptions(["--only", "act"], rows)).toThrow("there is no row act; there are: action, turn");
  expect(() => parseOptions(["--fast"], rows)).toThrow("not understood: --fast; try --help");
});

test("the help names each row and shows examples", async () => {
  const help = await helpText([["action", "An action on a held game"]]);
  for (const line of ["An action on a held game", "--compare", "npm run bench -- --quick"])
    expect(help).toContain(line);
});
