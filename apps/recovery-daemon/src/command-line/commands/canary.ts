import { cardRules } from "@turnkeep/card-rules";
import type { JsonValue } from "@turnkeep/core";
import { cardGame, type GameState } from "@turnkeep/game-state";
import { canary, type ReadDocuments, type UnreadableDocument } from "@turnkeep/operations";
import { Command } from "commander";
import { type EndStatus, endStatuses, type Host } from "../host.js";
import { placeSettings, withBothStores } from "../open-stores.js";
import { progressBar } from "../progress-bar.js";
import { addSettingsFlags, givenTexts } from "../settings-flags.js";
import { table } from "../table.js";
import { untilInterrupted } from "../until-interrupted.js";

interface CanaryFlags extends Record<string, unknown> {
  readonly replays?: true;
  readonly from?: string;
  readonly json?: true;
}

const examples = `
Examples:
  turnkeep canary              with the new version, before it is deployed
  turnkeep canary --replays    also finished games: each log has to give the final state
  turnkeep canary --json | jq .unreadable`;

/** `canary`: whether this version can read all that is stored. */
export function canaryCommand(host: Host, run: (work: () => Promise<EndStatus>) => Promise<void>): Command {
  const command = new Command("canary")
    .description("read every stored document as this version reads it: upcast and validated; changes nothing")
    .option("--replays", "also replay finished games")
    .option("--from <cursor>", "go on where an interrupted run said it left off")
    .option("--json", "print JSON: the summary as one object")
    .addHelpText("after", examples);
  addSettingsFlags(command, placeSettings.usual);
  return command.action((flags: CanaryFlags) =>
    run(() =>
      withBothStores(givenTexts(flags, host).environment, host, async (stores) => {
        const bar = progressBar("reading", host.progress);
        const summary = new Summary();
        let left: string | null = flags.from ?? null;
        const options = { replay: flags.replays && replayWrite, cursor: flags.from, signal: host.signal };
        const goOn = () => left && `--from ${left}`;
        return untilInterrupted(host, goOn, async () => {
          for await (const event of canary(stores, cardGame, options)) {
            if (event.kind === "unreadable") summary.fail(event.document);
            else {
              summary.pass(event.read, event.progress.games);
              left = event.progress.cursor;
              bar.show(event.progress.games, event.progress.total);
            }
          }
          bar.end();
          host.write(`${flags.json ? summary.json() : summary.text()}\n`);
          return summary.isWell ? endStatuses.ok : endStatuses.notWell;
        }).finally(bar.end);
      }),
    ),
  );
}

/** The state after what the log keeps of one write: a game server keeps an entry for each action in it. */
function replayWrite(state: GameState, logged: JsonValue): GameState {
  const isWrite = typeof logged === "object" && logged !== null && "entries" in logged && Array.isArray(logged.entries);
  return (isWrite ? (logged.entries as JsonValue[]) : [logged]).reduce<GameState>(cardRules.replay, state);
}

/** What was read and what was not, by place, version and reason, in memory that does not grow with its number. */
class Summary {
  #games = 0;
  readonly #read = new Map<string, ReadDocuments>();
  readonly #unreadable = new Map<string, Omit<UnreadableDocument, "gameId"> & { count: number; example: string }>();

  get isWell(): boolean {
    return this.#unreadable.size === 0;
  }

  pass(documents: readonly ReadDocuments[], games: number): void {
    this.#games = games;
    for (const { place, schemaVersion, count } of documents) {
      const key = `${place} ${schemaVersion}`;
      this.#read.set(key, { place, schemaVersion, count: (this.#read.get(key)?.count ?? 0) + count });
    }
  }

  fail({ gameId, ...document }: UnreadableDocument): void {
    const key = JSON.stringify(document);
    const counted = this.#unreadable.get(key) ?? { ...document, count: 0, example: gameId };
    counted.count += 1;
    this.#unreadable.set(key, counted);
  }

  json(): string {
    const [read, unreadable] = [[...this.#read.values()], [...this.#unreadable.values()]];
    return JSON.stringify({ games: this.#games, isWell: this.isWell, read, unreadable });
  }

  text(): string {
    const version = (of: number | null) => (of === null ? "" : String(of));
    const rows = [
      ...[...this.#read.values()].map((one) => [
        one.place,
        version(one.schemaVersion),
        String(one.count),
        "readable",
        "",
      ]),
      ...[...this.#unreadable.values()].map((one) => {
        return [one.place, version(one.schemaVersion), String(one.count), one.reason, one.example];
      }),
    ];
    const head = ["documents in", "schema", "count", "", "for example"];
    return `${rows.length === 0 ? "there is nothing to read" : table([head, ...rows], [1, 2])}\n${this.#games} games read`;
  }
}
