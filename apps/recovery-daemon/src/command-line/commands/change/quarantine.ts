import { assertGameId } from "@turnkeep/core";
import { cardGame } from "@turnkeep/game-state";
import { listQuarantined, type QuarantinedFacts, quarantineDetails, retryQuarantined } from "@turnkeep/operations";
import { Command } from "commander";
import { isConfirmed, yesFlag } from "../../confirm.js";
import { type EndStatus, endStatuses, type Host } from "../../host.js";
import { placeSettings, withStore } from "../../open-stores.js";
import { addSettingsFlags, givenTexts } from "../../settings-flags.js";
import { table } from "../../table.js";
import { withManager } from "../../with-manager.js";

interface QuarantineFlags extends Record<string, unknown> {
  readonly row?: true;
  readonly kept?: true;
  readonly yes?: true;
  readonly json?: true;
}

type Run = (work: () => Promise<EndStatus>) => Promise<void>;

const examples = `
Examples:
  turnkeep quarantine list                                        what waits for an operator, and why
  turnkeep quarantine show 7d3f0c1e-8f0b-4c65-9a55-0c7c7e2f9a10   what was kept of a game
  turnkeep quarantine retry 7d3f0c1e-8f0b-4c65-9a55-0c7c7e2f9a10  let it go on
  turnkeep quarantine drop 7d3f0c1e-8f0b-4c65-9a55-0c7c7e2f9a10 --yes`;

/** `quarantine`: games that cannot be read or stored, and what becomes of them. */
export function quarantineCommand(host: Host, run: Run): Command {
  const subcommand = (name: string, description: string, more: string) => {
    const command = new Command(name).description(description).addHelpText("after", `\nExamples:\n${more}`);
    command.option("--json", name === "list" ? "print NDJSON: one game a line" : "print JSON: one object");
    return addSettingsFlags(command, placeSettings.usual);
  };
  const ofGame = (name: string, description: string) =>
    subcommand(name, description, `  turnkeep quarantine ${name} 7d3f0c1e-8f0b-4c65-9a55-0c7c7e2f9a10`).argument(
      "<gameId>",
      "the game's id, a lower-case UUID",
    );
  const list = subcommand(
    "list",
    "list quarantined games, by id; asks Postgres alone, and changes nothing",
    "  turnkeep quarantine list --json",
  ).action((flags: QuarantineFlags) => run(() => showList(flags, host)));
  const show = ofGame("show", "show why a game is quarantined, and what a retry would bring back; changes nothing")
    .option("--kept", "print only the bytes that were kept: they may hold what players must not see")
    .action((gameId: string, flags: QuarantineFlags) => run(() => showQuarantined(assertGameId(gameId), flags, host)));
  const retry = ofGame("retry", "let a game go on, with what was quarantined, if it can be read and stored now")
    .option("--row", "with what Postgres had of it before: writes that only the kept bytes have are lost")
    .option(...yesFlag)
    .action((gameId: string, flags: QuarantineFlags) => run(() => retryGame(assertGameId(gameId), flags, host)));
  const drop = ofGame("drop", "delete a quarantined game, for good")
    .option(...yesFlag)
    .action((gameId: string, flags: QuarantineFlags) => run(() => dropGame(assertGameId(gameId), flags, host)));
  const command = new Command("quarantine").description("look at quarantined games, and decide what becomes of them");
  for (const one of [list, show, retry, drop]) command.addCommand(one);
  return command.addHelpText("after", `${examples}\n\nEach takes --json.`);
}

function showList(flags: QuarantineFlags, host: Host): Promise<EndStatus> {
  return withStore(givenTexts(flags, host).environment, host, async (store) => {
    const games: QuarantinedFacts[] = [];
    for await (const game of listQuarantined(store, { signal: host.signal })) {
      if (flags.json) host.write(`${JSON.stringify(game)}\n`);
      else games.push(game);
    }
    if (flags.json) return endStatuses.ok;
    const rows = games.map(({ gameId, row }) => [
      gameId,
      row.gameType,
      String(row.turnNumber),
      String(row.quarantine?.bytes ?? 0),
      row.quarantine?.reason ?? "no reason given",
      row.playerIds.join(", "),
    ]);
    const head = ["game", "type", "turn", "bytes kept", "reason", "players"];
    host.write(rows.length === 0 ? "no game is quarantined\n" : `${table([head, ...rows], [2, 3])}\n`);
    return endStatuses.ok;
  });
}

function showQuarantined(gameId: string, flags: QuarantineFlags, host: Host): Promise<EndStatus> {
  return withStore(givenTexts(flags, host).environment, host, async (store) => {
    const details = await quarantineDetails(store, cardGame, gameId, { signal: host.signal });
    if (details === null) return notQuarantined(gameId, await store.status(gameId), host);
    const { game, copy, unreadable } = details;
    if (flags.kept) {
      host.write(`${new TextDecoder().decode(game.kept)}\n`);
      return endStatuses.ok;
    }
    const shown = {
      gameId,
      reason: game.reason,
      rowVersion: game.version,
      keptBytes: game.kept.length,
      keptVersion: copy?.version ?? null,
      unreadable,
    };
    const brings = copy === null ? "the row as it is" : `the copy of version ${copy.version}`;
    const rows = [
      ["game", gameId],
      ["reason", game.reason ?? "no reason given"],
      ["row", `version ${game.version}, ${game.state?.length ?? 0} characters`],
      ["kept", `${game.kept.length} bytes${copy === null ? "" : `: the whole copy of version ${copy.version}`}`],
      ["a retry", unreadable === null ? `brings back ${brings}` : `fails on ${brings}: ${unreadable}`],
    ];
    host.write(flags.json ? `${JSON.stringify(shown)}\n` : `${table(rows)}\n`);
    return endStatuses.ok;
  });
}

function retryGame(gameId: string, flags: QuarantineFlags, host: Host): Promise<EndStatus> {
  return withManager(givenTexts(flags, host).environment, host, async ({ store }) => {
    const options = { rowOnly: flags.row, signal: host.signal };
    const details = await quarantineDetails(store, cardGame, gameId, options);
    if (details === null) return notQuarantined(gameId, await store.status(gameId), host);
    const { copy, game } = details;
    const loses = flags.row ? "; what only the kept bytes have is lost" : "";
    const what = `take the game ${gameId} out of quarantine, at version ${(copy ?? game).version}${loses}`;
    if (!(await isConfirmed(what, flags, host))) return endStatuses.failed;
    const result = await retryQuarantined(store, cardGame, gameId, options);
    if (flags.json) host.write(`${JSON.stringify({ gameId, ...result })}\n`);
    if (result.kind === "notQuarantined") return notQuarantined(gameId, result.status, host);
    if (result.kind === "released") {
      if (!flags.json) host.write(`released at version ${result.version}; its next touch loads it\n`);
      return endStatuses.ok;
    }
    const why = {
      unreadable: "this version cannot read it",
      refused: "Postgres still cannot keep it",
      movedOn: "it has moved on since, and was left as it is",
    }[result.kind];
    host.complain(`turnkeep: it stays in quarantine: ${why}${"reason" in result ? `: ${result.reason}` : ""}\n`);
    return endStatuses.notWell;
  });
}

function dropGame(gameId: string, flags: QuarantineFlags, host: Host): Promise<EndStatus> {
  return withManager(givenTexts(flags, host).environment, host, async ({ manager, store }) => {
    const { signal } = host;
    const before = await store.status(gameId, { signal });
    if (before !== "quarantined") return notQuarantined(gameId, before, host);
    if (!(await isConfirmed(`delete the quarantined game ${gameId} for good`, flags, host))) return endStatuses.failed;
    const now = await store.status(gameId, { signal });
    if (now !== "quarantined") return notQuarantined(gameId, now, host);
    await manager.deleteGame(gameId, { signal });
    host.write(flags.json ? `${JSON.stringify({ gameId, deleted: true })}\n` : `deleted ${gameId}\n`);
    return endStatuses.ok;
  });
}

function notQuarantined(gameId: string, status: string, host: Host): EndStatus {
  host.complain(`turnkeep: the game ${gameId} is not quarantined: it is ${status}\n`);
  return endStatuses.notWell;
}
