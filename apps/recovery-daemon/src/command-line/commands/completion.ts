import { Argument, Command } from "commander";
import { type EndStatus, endStatuses, type Host } from "../host.js";
import { type CompletedCommand, type Shell, scriptsFor } from "../shell-completion.js";

const examples = `
Examples:
  turnkeep completion bash                print the script
  eval "$(turnkeep completion bash)"      in ~/.bashrc
  eval "$(turnkeep completion zsh)"       in ~/.zshrc, after compinit
  turnkeep completion fish > ~/.config/fish/completions/turnkeep.fish`;

/** `completion`: what a shell needs to complete commands and flags. */
export function completionCommand(host: Host, run: (work: () => Promise<EndStatus>) => Promise<void>): Command {
  const shells: readonly Shell[] = ["bash", "zsh", "fish"];
  const command: Command = new Command("completion")
    .description("print a script with which a shell completes commands and flags")
    .addArgument(new Argument("<shell>", "which shell").choices(shells))
    .option("--json", "print JSON: the commands and flags that it completes")
    .addHelpText("after", examples);
  return command.action((shell: Shell, flags: { readonly json?: true }) =>
    run(async () => {
      const commands = completed(command.parent ?? command, "");
      host.write(flags.json ? `${JSON.stringify(commands)}\n` : scriptsFor[shell](commands));
      return endStatuses.ok;
    }),
  );
}

/** A command and all below it, with what may follow each. */
function completed(command: Command, path: string): readonly CompletedCommand[] {
  const subcommands = command.commands.map((one) => ({ word: one.name(), meaning: one.description() }));
  const flags = command.options.map(({ long, short, description }) => ({
    word: long ?? short ?? "",
    meaning: description,
  }));
  const choices = command.registeredArguments.flatMap(({ argChoices = [] }) =>
    argChoices.map((word) => ({ word, meaning: "" })),
  );
  const words = [...subcommands, ...choices, ...flags, { word: "--help", meaning: "say what it does" }];
  return [{ path, words }, ...command.commands.flatMap((one) => completed(one, `${path} ${one.name()}`))];
}
