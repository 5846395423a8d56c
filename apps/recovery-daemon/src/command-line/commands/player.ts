import { expiredReason, type PlayerId, playerIdSchema } from "@turnkeep/core";
import { erasePlayer, exportPlayer } from "@turnkeep/operations";
import type { Environment } from "@turnkeep/service-kit";
import { Command } from "commander";
import { type EndStatus, endStatuses, type Host, MisuseError } from "../host.js";
import { placeSettings, withBothStores } from "../open-stores.js";
import { addSettingsFlags, givenTexts } from "../settings-flags.js";
import { withManager } from "../with-manager.js";
import { summaryOf, writeExport } from "./export.js";

interface EraseFlags {
  readonly endLive?: true;
  readonly yes?: true;
  readonly pseudonym?: string;
  readonly json?: true;
}

const examples = `
Examples:
  turnkeep player export 8381e35d-1ef7-4fa2-93b0-54584b772a16 person.ndjson
  turnkeep player erase 8381e35d-1ef7-4fa2-93b0-54584b772a16 --yes`;

/** `player`: all that is kept of a person, as a file; and its removal. */
export function playerCommand(host: Host, run: (work: () => Promise<EndStatus>) => Promise<void>): Command {
  return new Command("player")
    .description("write all that is kept of a person to a file, or take the person out of it")
    .addHelpText("after", examples)
    .addCommand(exportPlayerCommand(host, run))
    .addCommand(erasePlayerCommand(host, run));
}

function exportPlayerCommand(host: Host, run: (work: () => Promise<EndStatus>) => Promise<void>): Command {
  const command = new Command("export")
    .description("write live, quarantined and finished games of a person to a file, a line each; changes nothing")
    .argument("<playerId>")
    .argument("<file>", "is made; it holds what the others in these games did as well")
    .option("--json", "print the summary as JSON");
  addSettingsFlags(command, placeSettings.usual);
  return command.action((playerId: string, file: string, flags: { readonly json?: true } & Record<string, unknown>) =>
    run(async () => {
      const player = playerOf(playerId);
      const { environment } = givenTexts(flags, host);
      return withBothStores(environment, host, async (stores) => {
        const counts = await writeExport(exportPlayer(stores, player, { signal: host.signal }), file, "new");
        host.write(summaryOf({ file, ...counts }, flags));
        return Object.values(counts).every((count) => count === 0) ? endStatuses.notWell : endStatuses.ok;
      });
    }),
  );
}

function erasePlayerCommand(host: Host, run: (work: () => Promise<EndStatus>) => Promise<void>): Command {
  const command = new Command("erase")
    .description("put a pseudonym in the place of a person's id and name; the games of the others stay whole")
    .argument("<playerId>")
    .option("--yes", "do it: it cannot be taken back")
    .option("--end-live", "end the person's live games without a winner; without it they make the command refuse")
    .option("--pseudonym <id>", "go on with the one of an interrupted run; default: a new one")
    .option("--json", "print JSON: one object");
  addSettingsFlags(command, placeSettings.usual);
  return command.action((playerId: string, flags: EraseFlags & Record<string, unknown>) =>
    run(async () => {
      const player = playerOf(playerId);
      if (!flags.yes) throw new MisuseError("this cannot be taken back: call it with --yes");
      const pseudonym = playerOf(flags.pseudonym ?? host.runtime.randomId());
      const { environment } = givenTexts(flags, host);
      return erase(environment, host, player, pseudonym, flags);
    }),
  );
}

/** @throws MisuseError */
function playerOf(text: string): PlayerId {
  const parsed = playerIdSchema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new MisuseError("a player's id has 1 to 128 printable characters");
}

function erase(
  environment: Environment,
  host: Host,
  playerId: PlayerId,
  pseudonym: PlayerId,
  flags: EraseFlags,
): Promise<EndStatus> {
  return withManager(environment, host, async ({ manager, cache, store }) => {
    const endGame = (gameId: string) =>
      manager.endGame(gameId, { endReason: expiredReason, winnerIds: [], winnerIsNpc: false });
    const who = { playerId, pseudonym, name: "erased" };
    const options = { endLive: flags.endLive, signal: host.signal };
    const result = await erasePlayer({ cache, store, endGame }, who, options).catch((error) => {
      host.complain(`turnkeep: not all is done; go on with --pseudonym ${pseudonym}\n`);
      throw error;
    });
    host.write(summaryOf(result.kind === "erased" ? { ...result, pseudonym } : { ...result }, flags));
    if (result.kind === "erased") return endStatuses.ok;
    host.complain(
      "turnkeep: nothing is changed: games are not over; wait, or --end-live; decide about quarantined ones\n",
    );
    return endStatuses.notWell;
  });
}
