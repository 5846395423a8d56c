import { assertGameId } from "@turnkeep/core";
import type { Cache, Store } from "@turnkeep/core/ports";
import { type Finding, findingKinds, type Mending, type MendPorts, mend, verify } from "@turnkeep/operations";
import { Command } from "commander";
import { type EndStatus, endStatuses, type Host } from "../host.js";
import { placeSettings, withBothStores } from "../open-stores.js";
import { progressBar } from "../progress-bar.js";
import { addSettingsFlags, givenTexts } from "../settings-flags.js";
import { table } from "../table.js";
import { untilInterrupted } from "../until-interrupted.js";
import { wholeNumber } from "../whole-number.js";
import { withManager } from "../with-manager.js";

interface VerifyFlags {
  readonly game?: string;
  readonly sample?: number;
  readonly from?: string;
  readonly repair?: true;
  readonly json?: true;
}

const examples = `
Examples:
  turnkeep verify                      every game, while servers play on
  turnkeep verify --sample 1000        about a thousand games, drawn at random
  turnkeep verify --repair             and mend what a step of the protocol mends
  turnkeep verify --json | jq 'select(.kind == "finding")'

What it finds:
${Object.entries(findingKinds)
  .map(([kind, meaning]) => `  ${kind.padEnd(18)} ${meaning}`)
  .join("\n")}`;

/** `verify`: whether Redis and Postgres agree about every game. */
export function verifyCommand(host: Host, run: (work: () => Promise<EndStatus>) => Promise<void>): Command {
  const command = new Command("verify")
    .description("compare Redis with Postgres, game by game, while servers play on; changes nothing without --repair")
    .option("--game <id>", "only this game")
    .option("--sample <n>", "only about so many games, drawn at random", wholeNumber)
    .option("--from <cursor>", "go on where an interrupted run said it left off")
    .option("--repair", "mend what a step of the protocol mends, and say so")
    .option("--json", "print NDJSON: each finding, then the summary")
    .addHelpText("after", examples);
  addSettingsFlags(command, placeSettings.usual);
  return command.action((flags: VerifyFlags & Record<string, unknown>) =>
    run(async () => {
      if (flags.game !== undefined) assertGameId(flags.game);
      const { environment } = givenTexts(flags, host);
      if (flags.repair) {
        return withManager(environment, host, ({ manager, cache, store }) => {
          const loadGame = (gameId: string) => manager.loadState(gameId, { signal: host.signal });
          const finishEndings = () => manager.finishEndings({ signal: host.signal });
          return report({ cache, store }, { cache, store, loadGame, finishEndings }, flags, host);
        });
      }
      return withBothStores(environment, host, (stores) => report(stores, null, flags, host));
    }),
  );
}

interface Found extends Finding {
  readonly mending: Mending | null;
}

function report(
  stores: { readonly cache: Cache; readonly store: Store },
  mendPorts: MendPorts | null,
  flags: VerifyFlags,
  host: Host,
): Promise<EndStatus> {
  const { signal, runtime } = host;
  const bar = progressBar("verifying", host.progress);
  const summary = new Summary();
  let left: string | null = flags.from ?? null;
  const options = { gameId: flags.game, sample: flags.sample, cursor: flags.from, signal, runtime };
  const goOn = () => left && `--from ${left}`;
  return untilInterrupted(host, goOn, async () => {
    for await (const event of verify(stores, options)) {
      if (event.kind === "progress") {
        left = event.progress.cursor;
        summary.games = event.progress.games;
        bar.show(event.progress.games, event.progress.total);
      } else {
        const found = { ...event.finding, mending: mendPorts && (await mend(mendPorts, event.finding)) };
        summary.add(found);
        if (flags.json) host.write(`${JSON.stringify({ ...found, kind: "finding", what: found.kind })}\n`);
      }
    }
    bar.end();
    host.write(`${flags.json ? summary.json() : summary.text()}\n`);
    return summary.isWell ? endStatuses.ok : endStatuses.notWell;
  }).finally(bar.end);
}

/** What was found, counted by kind, in memory that does not grow with it. */
class Summary {
  games = 0;
  readonly #kinds = new Map<string, { found: number; mended: number; example: string }>();

  add({ kind, gameId, mending }: Found): void {
    const counted = this.#kinds.get(kind) ?? { found: 0, mended: 0, example: gameId };
    counted.found += 1;
    if (mending === "done") counted.mended += 1;
    this.#kinds.set(kind, counted);
  }

  /** True if nothing is left that is wrong. */
  get isWell(): boolean {
    return [...this.#kinds.values()].every(({ found, mended }) => found === mended);
  }

  json(): string {
    const kinds = Object.fromEntries(this.#kinds);
    return JSON.stringify({ kind: "summary", games: this.games, isWell: this.isWell, kinds });
  }

  text(): string {
    const rows = [...this.#kinds].map(([kind, { found, mended, example }]) => [
      kind,
      String(found),
      String(mended),
      example,
      findingKinds[kind as keyof typeof findingKinds],
    ]);
    const head = ["what", "found", "mended", "for example", "meaning"];
    const all = rows.length === 0 ? "all is well" : table([head, ...rows], [1, 2]);
    return `${all}\n${this.games} games compared`;
  }
}
