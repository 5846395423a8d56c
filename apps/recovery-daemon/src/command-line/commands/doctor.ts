import { cardGame } from "@turnkeep/game-state";
import { type Examination, type ExaminedStores, examine } from "@turnkeep/operations";
import { connectMasters } from "@turnkeep/redis-cache";
import type { Environment } from "@turnkeep/service-kit";
import { Command } from "commander";
import { type EndStatus, endStatuses, type Host } from "../host.js";
import { composePlace, placeSettings } from "../open-stores.js";
import { addSettingsFlags, givenTexts } from "../settings-flags.js";
import { table } from "../table.js";

interface DoctorFlags {
  readonly all?: true;
  readonly json?: true;
}

const examples = `
Examples:
  turnkeep doctor                     what is wrong with the settings, the rights and the schema
  turnkeep doctor --all               also what is as it should be
  turnkeep doctor --json | jq 'select(.level == "fail")'

docs/operations.md lists every check. A fail makes the status 3, a warn does not.`;

/** `doctor`: settings, rights and schema that break a promise, or slow it down. */
export function doctorCommand(host: Host, run: (work: () => Promise<EndStatus>) => Promise<void>): Command {
  const command = new Command("doctor")
    .description("check settings of Redis and Postgres, rights and schema; changes nothing")
    .option("--all", "also what is as it should be")
    .option("--json", "print NDJSON: each check")
    .addHelpText("after", examples);
  addSettingsFlags(command, placeSettings.usual);
  return command.action((flags: DoctorFlags & Record<string, unknown>) =>
    run(async () => {
      const { environment } = givenTexts(flags, host);
      const { diagnoses, isComplete } = await examineStores(environment, host);
      const shown = diagnoses.filter(({ level }) => flags.all || flags.json || level !== "ok");
      if (flags.json) for (const diagnosis of diagnoses) host.write(`${JSON.stringify(diagnosis)}\n`);
      else host.write(`${text(shown, diagnoses.length)}\n`);
      if (!isComplete) return endStatuses.failed;
      return diagnoses.some(({ level }) => level === "fail") ? endStatuses.notWell : endStatuses.ok;
    }),
  );
}

function text(shown: Examination["diagnoses"], count: number): string {
  const rows = shown.map(({ level, id, found, breaks, mend }) => [
    level,
    id,
    level === "ok" ? found : `${found}\nbreaks: ${breaks}\nmend: ${mend}`,
  ]);
  const wrong = shown.filter(({ level }) => level !== "ok").length;
  const summary = wrong === 0 ? `all is well, ${count} checks` : `${wrong} of ${count} checks complain`;
  return rows.length === 0 ? summary : `${table([["level", "check", "found"], ...rows])}\n${summary}`;
}

async function examineStores(environment: Environment, { runtime }: Pick<Host, "runtime">): Promise<Examination> {
  const { config, cache, store } = composePlace(environment, { runtime });
  const opened: { close(): Promise<void> }[] = [cache, store];
  const stores: ExaminedStores = {
    game: cardGame.name,
    redis: {
      start: () => cache.start(),
      masters: async () => {
        const connected = await connectMasters({
          url: config.redisUrl,
          connectTimeoutMs: config.redisConnectTimeoutMs,
          commandTimeoutMs: config.redisCommandTimeoutMs,
          runtime,
        });
        opened.push(connected);
        return connected.masters;
      },
      keyPrefix: config.redisKeyPrefix,
    },
    postgres: {
      start: () => store.start(),
      query: async (sql, bind = []) =>
        (await store.sequelize.query(sql, { bind: [...bind], raw: true }))[0] as readonly object[],
      needs: store.needs,
      migrations: store.needs.migrations,
      deployment: () => store.deployment(),
    },
  };
  try {
    return await examine(stores, runtime);
  } finally {
    await Promise.allSettled(opened.map((each) => each.close()));
  }
}
