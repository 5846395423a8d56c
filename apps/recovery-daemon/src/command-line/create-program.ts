import { styleText } from "node:util";
import { Command, CommanderError } from "commander";
import { version } from "../../package.json";
import { canaryCommand } from "./commands/canary.js";
import { deleteCommand } from "./commands/change/delete.js";
import { endCommand } from "./commands/change/end.js";
import { expireCommand } from "./commands/change/expire.js";
import { migrateCommand } from "./commands/change/migrate.js";
import { quarantineCommand } from "./commands/change/quarantine.js";
import { recoverCommand } from "./commands/change/recover.js";
import { completionCommand } from "./commands/completion.js";
import { configCommand } from "./commands/config.js";
import { doctorCommand } from "./commands/doctor.js";
import { exportCommand } from "./commands/export.js";
import { importCommand } from "./commands/import.js";
import { inspectCommand } from "./commands/inspect.js";
import { listCommand } from "./commands/list.js";
import { historyCommand } from "./commands/play/history.js";
import { logCommand } from "./commands/play/log.js";
import { replayCommand } from "./commands/play/replay.js";
import { watchCommand } from "./commands/play/watch.js";
import { playerCommand } from "./commands/player.js";
import { runCommand } from "./commands/run.js";
import { topCommand } from "./commands/top.js";
import { verifyCommand } from "./commands/verify.js";
import { failureOf } from "./failure.js";
import { type EndStatus, endStatuses, endStatusHelp, type Host } from "./host.js";

const description = "Watches over games in Redis and Postgres, and shows and mends what is there.";

/** One line for each command, in the order of the help. */
const createCommands: readonly ((host: Host, run: (work: () => Promise<EndStatus>) => Promise<void>) => Command)[] = [
  runCommand,
  inspectCommand,
  listCommand,
  historyCommand,
  replayCommand,
  logCommand,
  watchCommand,
  verifyCommand,
  canaryCommand,
  recoverCommand,
  quarantineCommand,
  expireCommand,
  endCommand,
  deleteCommand,
  migrateCommand,
  doctorCommand,
  topCommand,
  exportCommand,
  importCommand,
  playerCommand,
  configCommand,
  completionCommand,
];

/** Does what the command line asks for, and returns the exit status. What is not understood does nothing. */
export async function runFromCommandLine(args: readonly string[], host: Host): Promise<EndStatus> {
  let status: EndStatus = endStatuses.ok;
  const run = async (work: () => Promise<EndStatus>) => {
    status = await work();
  };
  const program = new Command("turnkeep").description(description).version(version);
  const commands = createCommands.map((create) => create(host, run));
  for (const command of commands) program.addCommand(command);
  for (const command of withSubcommands(program)) {
    command
      .exitOverride()
      .showHelpAfterError("see --help")
      .configureOutput({ writeOut: host.write, writeErr: host.complain })
      .addHelpText("after", endStatusHelp);
  }
  try {
    await program.parseAsync([...args], { from: "user" });
    return status;
  } catch (error) {
    // The library has said what it did not understand, or printed its help.
    if (error instanceof CommanderError) return error.exitCode === 0 ? endStatuses.ok : endStatuses.misused;
    const failure = failureOf(error);
    host.complain(
      `${host.hasColour ? styleText("red", "turnkeep:", { validateStream: false }) : "turnkeep:"} ${failure.sentence}\n`,
    );
    return failure.status;
  }
}

function withSubcommands(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}
