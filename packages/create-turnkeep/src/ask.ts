import type { Readable, Writable } from "node:stream";
import { isCancel, select, text } from "@clack/prompts";
import { templateNames, templates } from "./templates.js";
import { nameProblem } from "./write-project.js";

/** A terminal where a user can answer. */
export interface Terminal {
  readonly input: Readable;
  readonly output: Writable;
}

export interface Answers {
  readonly name: string;
  readonly template: string;
}

/**
 * Asks for what the command line does not say.
 * @param terminal `null` where nobody can answer
 * @throws Error with what is missing, or once the question is cancelled
 */
export async function askMissing(
  given: { readonly name: string | undefined; readonly template: string | undefined },
  terminal: Terminal | null,
): Promise<Answers> {
  const name = given.name ?? (await answered("The name", terminal, askName));
  return { name, template: given.template ?? (await answered("The template", terminal, askTemplate)) };
}

type Question = (terminal: Terminal) => Promise<string | symbol>;

async function answered(what: string, terminal: Terminal | null, question: Question): Promise<string> {
  if (terminal === null) throw new Error(`${what} is missing: npm create turnkeep my-game -- --template minimal`);
  const answer = await question(terminal);
  if (isCancel(answer)) throw new Error("Nothing was written.");
  return String(answer);
}

const askName: Question = (terminal) => {
  const validate = (value: string | undefined) => (value ? nameProblem(value) : undefined);
  const asked = { message: "What is your game called?", placeholder: "my-game", defaultValue: "my-game", validate };
  return text({ ...asked, ...terminal });
};

const askTemplate: Question = (terminal) => {
  const options = templateNames.map((value) => ({ value, label: value, hint: templates[value]?.hint ?? "" }));
  return select({ message: "What to begin with?", options, ...terminal });
};
