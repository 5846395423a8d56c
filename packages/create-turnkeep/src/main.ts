#!/usr/bin/env node
import { resolve } from "node:path";
import { cancel, isCancel, log, outro, select, text } from "@clack/prompts";
import { Command, Option } from "commander";
import { templateNames, templates } from "./templates.js";
import { nameProblem, writeProject } from "./write-project.js";

const { name: givenName, template: givenTemplate } = readArguments(process.argv);
const canAsk = process.stdin.isTTY && process.stdout.isTTY;

try {
  const name = givenName ?? (await askName());
  const template = givenTemplate ?? (await askTemplate());
  const folder = resolve(name);
  await writeProject({ folder, template });
  log.success(`${folder} is ready.`);
  outro(`cd ${name} && npm install && npm start`);
} catch (error) {
  cancel(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

function readArguments(argv: readonly string[]): { name: string | undefined; template: string | undefined } {
  const command = new Command("create-turnkeep")
    .description("Writes a turn-based game on Turnkeep, which plays in two browsers at once.")
    .argument("[name]", "the folder to write, and the game's name")
    .addOption(new Option("-t, --template <template>", "what to begin with").choices(templateNames))
    .parse(argv);
  return { name: command.args[0], template: command.opts<{ template?: string }>().template };
}

/** @throws Error where nobody can answer, or who can does not want to */
async function answered(what: string, question: () => Promise<string | symbol>): Promise<string> {
  if (!canAsk) throw new Error(`${what} is missing: npm create turnkeep my-game -- --template minimal`);
  const answer = await question();
  if (isCancel(answer)) throw new Error("Nothing was written.");
  return String(answer);
}

function askName(): Promise<string> {
  const validate = (value: string | undefined) => (value ? nameProblem(value) : undefined);
  const asked = { message: "What is your game called?", placeholder: "my-game", defaultValue: "my-game", validate };
  return answered("The name", () => text(asked));
}

function askTemplate(): Promise<string> {
  const options = templateNames.map((value) => ({ value, label: value, hint: templates[value]?.hint ?? "" }));
  return answered("The template", () => select({ message: "What to begin with?", options }));
}
