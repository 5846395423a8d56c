import { type Host, MisuseError } from "./host.js";

/**
 * Whether the operator agrees to what is about to be done: by `--yes`, or by an answer on the terminal.
 * @param what an imperative sentence without its full stop, which names the game or the number of games
 * @throws MisuseError without `--yes` where there is no terminal to ask on
 */
export async function isConfirmed(what: string, flags: { readonly yes?: true }, host: Host): Promise<boolean> {
  if (flags.yes) return true;
  if (host.ask === null) throw new MisuseError(`it would ${what}: give --yes, since there is no terminal to ask on`);
  const answer = await host.ask(`This will ${what}. Go on? [y/N] `);
  if (/^\s*y(es)?\s*$/i.test(answer)) return true;
  host.complain("turnkeep: nothing was done\n");
  return false;
}

/** Text and flag of the option that every command has which changes games. */
export const yesFlag = ["--yes", "do it without asking, as in a script"] as const;
