import { testServers, uniqueName } from "@turnkeep/dev-services/testing";
import { createSqlStore } from "@turnkeep/sql-store";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { DaemonProcess, gameServer } from "./testing/daemon-process.js";
import { daemonEnvironment, type Place, Rows } from "./testing/playground.js";

const name = uniqueName("setup");
let place: Place;
let rows: Rows;

beforeAll(async () => {
  place = { ...testServers(), schema: name, keyPrefix: `${name}:` };
  rows = new Rows(place);
  const store = createSqlStore({ url: place.databaseUrl, schema: name });
  await store.migrate();
  await store.close();
  await rows.query(`CREATE ROLE "${name}" LOGIN PASSWORD 'secret'`);
});
afterAll(async () => {
  await rows.query("DROP SCHEMA IF EXISTS $schema CASCADE");
  await rows.query(`DROP ROLE IF EXISTS "${name}"`);
  await rows.end();
});

/** How server and daemon end with these settings: status and last sentence, without the program's name. */
async function endings(environment: Record<string, string>): Promise<readonly unknown[]> {
  return Promise.all(
    [gameServer, undefined].map(async (program) => {
      const one = new DaemonProcess(daemonEnvironment(place, environment), undefined, program);
      onTestFinished(() => one.kill());
      const status = await one.ended();
      const sentence = /"msg":"the (?:server|daemon) (is misconfigured: .*)"}/.exec(one.output);
      return `${status} ${sentence?.[1]}`;
    }),
  );
}

function urlOf(user: string, password: string): string {
  const url = new URL(place.databaseUrl);
  url.username = user;
  url.password = password;
  return url.href;
}

test("server and daemon name a mistake alike, with and without a migration", async () => {
  const [ended, ...others] = await endings({ DATABASE_URL: urlOf(name, "wrong"), MIGRATE_ON_START: "true" });
  expect(ended).toMatch(/^2 is misconfigured: Postgres refuses the password: /);
  expect(others).toEqual([ended]);
  const [refused, ...alike] = await endings({ DATABASE_URL: urlOf(name, "secret"), MIGRATE_ON_START: "false" });
  expect(refused).toMatch(/^2 is misconfigured: Postgres refuses the user a right: /);
  expect(alike).toEqual([refused]);
});

test("a misspelt variable is reported by both", async () => {
  for (const program of [gameServer, undefined]) {
    const one = new DaemonProcess(daemonEnvironment(place, { METRICS_PROT: "1" }), undefined, program);
    onTestFinished(() => one.kill());
    await one.line("METRICS_PROT is no setting: is METRICS_PORT meant?");
  }
});
