#!/usr/bin/env node
import { resolve } from "node:path";
import { cancel, log, outro } from "@clack/prompts";
import { Command, Option } from "commander";
import { askMissing } from "./ask.js";
import { templateNames } from "./templates.js";
import { writeProject } from "./write-project.js";

const { stdin: input, stdout: output } = process;
const command = new Command("create-turnkeep")
  .description("Writes a turn-based game on Turnkeep, which plays in two browsers at once.")
  .argument("[name]", "the folder to write, and the game's name")
  .addOption(new Option("-t, --template <template>", "what to begin with").choices(templateNames))
  .parse();

try {
  const given = { name: command.args[0], template: command.opts<{ template?: string }>().template };
  const { name, template } = await askMissing(given, input.isTTY && output.isTTY ? { input, output } : null);
  const folder = resolve(name);
  await writeProject({ folder, template });
  log.success(`${folder} is ready.`);
  outro(`cd ${name} && npm install && npm start`);
} catch (error) {
  cancel(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
