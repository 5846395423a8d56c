import { type Command, readCommandLine } from "@turnkeep/service-kit";
import { version } from "../package.json";
import { settings } from "./config.js";

/** What the command line asks for; everything else comes from the environment. */
export function parseCommand(args: readonly string[]): Command {
  return readCommandLine(
    {
      name: "turnkeep-server",
      version,
      description: "the game server, HTTP and WebSocket",
      flags: {},
      settings,
    },
    args,
  );
}
