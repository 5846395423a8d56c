import type { Environment } from "@turnkeep/service-kit";
import { Command } from "commander";
import { isConfirmed, yesFlag } from "../../confirm.js";
import { type EndStatus, endStatuses, type Host } from "../../host.js";
import { composePlace, placeSettings, type SqlStore } from "../../open-stores.js";
import { addSettingsFlags, givenTexts } from "../../settings-flags.js";
import { table } from "../../table.js";

interface MigrateFlags extends Record<string, unknown> {
  readonly to?: string;
  readonly yes?: true;
  readonly json?: true;
}

/** `migrate`: brings Postgres's schema forward and back. */
export function migrateCommand(host: Host, run: (work: () => Promise<EndStatus>) => Promise<void>): Command {
  const subcommand = (
    name: string,
    description: string,
    work: (store: SqlStore, flags: MigrateFlags) => Promise<EndStatus>,
  ) => {
    const command = new Command(name).description(description).option("--json", "print JSON: one object");
    addSettingsFlags(command, placeSettings.usual).addHelpText("after", `\nExamples:\n  turnkeep migrate ${name}`);
    return command.action((flags: MigrateFlags) =>
      run(() => withUnstartedStore(givenTexts(flags, host).environment, host, (store) => work(store, flags))),
    );
  };
  const print = (flags: MigrateFlags, json: object, text: string) =>
    host.write(`${flags.json ? JSON.stringify(json) : text}\n`);

  const status = subcommand("status", "say which migrations are applied; changes nothing", async (store, flags) => {
    const migrations = await store.migrationStatus();
    const pending = migrations.filter(({ isApplied }) => !isApplied).map(({ name }) => name);
    const applied = migrations.filter(({ isApplied }) => isApplied).map(({ name }) => name);
    const rows = migrations.map(({ name, isApplied }) => [name, isApplied ? "applied" : "pending"]);
    print(flags, { applied, pending }, table([["migration", ""], ...rows]));
    return pending.length === 0 ? endStatuses.ok : endStatuses.notWell;
  });
  const plan = subcommand("plan", "print the SQL that `up` would run; changes nothing", async (store, flags) => {
    const planned = await store.planMigrations();
    const sql = planned.map(({ name, statements }) => [`-- ${name}`, ...statements.map(endedBySemicolon)].join("\n"));
    print(flags, { planned }, sql.length === 0 ? "nothing to apply" : sql.join("\n\n"));
    return endStatuses.ok;
  });
  const up = subcommand("up", "apply what is missing, in one transaction", async (store, flags) => {
    const applied = await store.migrate();
    print(flags, { applied }, applied.length === 0 ? "nothing to apply" : `applied ${applied.join(", ")}`);
    return endStatuses.ok;
  });
  const down = subcommand(
    "down",
    "take the newest migration back, or more, WITH the data in its tables",
    async (store, flags) => {
      const applied = (await store.migrationStatus()).filter(({ isApplied }) => isApplied).map(({ name }) => name);
      const { to } = flags;
      const first = to === undefined ? applied.length - 1 : to === "0" ? 0 : applied.indexOf(to);
      if (applied.length === 0 || first < 0) {
        host.complain(`turnkeep: ${to === undefined ? "no migration" : `the migration ${to}`} is not applied\n`);
        return endStatuses.notWell;
      }
      const names = applied.slice(first).toReversed().join(", ");
      const what = `take back ${names}, with all data in what they made`;
      if (!(await isConfirmed(what, flags, host))) return endStatuses.failed;
      const takenBack = await store.rollback(to === undefined ? {} : { to: to === "0" ? 0 : to });
      print(flags, { takenBack }, `took back ${takenBack.join(", ")}`);
      return endStatuses.ok;
    },
  )
    .option("--to <name>", "the oldest migration to take back; 0: all of them")
    .option(...yesFlag);
  const command = new Command("migrate").description("bring Postgres's schema forward or back, and say where it is");
  for (const one of [up, down, status, plan]) command.addCommand(one);
  return command.addHelpText(
    "after",
    `
Examples:
  turnkeep migrate status
  turnkeep migrate plan > review.sql
  turnkeep migrate up
  turnkeep migrate down --to 0007-quarantined --yes

Each takes --json.`,
  );
}

const endedBySemicolon = (sql: string): string => `${sql.trim().replace(/\n {6}/g, "\n")};`;

/** The store as it is before it starts: it neither migrates by itself, nor asks for a migrated schema. */
async function withUnstartedStore(
  environment: Environment,
  host: Pick<Host, "runtime">,
  work: (store: SqlStore) => Promise<EndStatus>,
): Promise<EndStatus> {
  const { cache, store } = composePlace(environment, host);
  try {
    return await work(store);
  } finally {
    await Promise.allSettled([cache.close(), store.close()]);
  }
}
