import { settingsHelp } from "@turnkeep/service-kit";
import { version } from "../package.json";
import { settings } from "./config.js";

/** What was asked for on the command line; everything else comes from the environment. */
export type Wish =
  | { readonly kind: "serve" }
  | { readonly kind: "print"; readonly text: string }
  | { readonly kind: "refuse"; readonly text: string };

const help = `turnkeep-server ${version}: the game server, HTTP and WebSocket

USAGE turnkeep-server [--help] [--version]

${settingsHelp(settings)}
`;

export function parseWish(rawArgs: readonly string[]): Wish {
  const unknown = rawArgs.filter((arg) => arg !== "--help" && arg !== "--version");
  if (unknown.length > 0) return { kind: "refuse", text: `not understood: ${unknown.join(" ")}\nsee --help\n` };
  if (rawArgs.includes("--help")) return { kind: "print", text: help };
  if (rawArgs.includes("--version")) return { kind: "print", text: `${version}\n` };
  return { kind: "serve" };
}
