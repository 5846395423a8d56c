import { PassThrough } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { expect, test, vi } from "vitest";
import { askMissing } from "./ask.js";

/** A terminal, and the hand that types once it has shown a text. */
function terminal() {
  const [input, output] = [new PassThrough(), new PassThrough()];
  let shown = "";
  output.on("data", (part) => {
    shown += stripVTControlCharacters(String(part));
  });
  const type = async (after: string, keys: string) => {
    await vi.waitFor(() => expect(shown).toContain(after), { interval: 1 });
    shown = "";
    input.write(keys);
  };
  return { input, output, type };
}

const [enter, down, controlC] = ["\r", "\u001b[B", "\u0003"];

test("what the command line says is not asked for", async () => {
  const given = { name: "duel", template: "chess" };
  expect(await askMissing(given, null)).toEqual(given);
});

test("name and template are asked for; a name that cannot be is refused, and asked for again", async () => {
  const { type, ...streams } = terminal();
  const answers = askMissing({ name: undefined, template: undefined }, streams);
  await type("What is your game called?", `My Game${enter}`);
  await type("lower-case letters", `${"\u007f".repeat(7)}duel${enter}`);
  await type("What to begin with?", down);
  await type("hidden cards", enter);
  expect(await answers).toEqual({ name: "duel", template: "hidden-information" });
});

test("without an answer a game is called my-game", async () => {
  const { type, ...streams } = terminal();
  const answers = askMissing({ name: undefined, template: "chess" }, streams);
  await type("What is your game called?", enter);
  expect(await answers).toEqual({ name: "my-game", template: "chess" });
});

test("a question that is cancelled writes nothing", async () => {
  const { type, ...streams } = terminal();
  const answers = askMissing({ name: undefined, template: undefined }, streams);
  await Promise.all([
    expect(answers).rejects.toThrow("Nothing was written."),
    type("What is your game called?", controlC),
  ]);
});
