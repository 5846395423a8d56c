import { readFileSync } from "node:fs";
import { storeConformance } from "@turnkeep/conformance";
import { testServers, uniqueName } from "@turnkeep/dev-services/testing";
import { afterAll, beforeAll } from "vitest";
import { createSqlStore } from "./store.js";
import { patient } from "./testing/store-fixture.js";

const [schema, role] = [uniqueName("rights"), uniqueName("role")];
const owner = createSqlStore({ url: testServers().databaseUrl, schema, ...patient });
const url = new URL(testServers().databaseUrl);
url.username = role;
url.password = "secret";
const createStore = () => createSqlStore({ url: url.href, schema, ...patient });
const restricted = createStore();
const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

beforeAll(async () => {
  await owner.migrate();
  const grants = /```sql\n(GRANT[^`]+)```/.exec(readme)?.[1] ?? "";
  await owner.sequelize.query(`CREATE ROLE "${role}" LOGIN PASSWORD 'secret'`);
  await owner.sequelize.query(grants.replaceAll("game_server", `"${role}"`).replaceAll(/\bturnkeep\b/g, `"${schema}"`));
});
afterAll(async () => {
  await restricted.close();
  await owner.sequelize.query(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`);
  await owner.sequelize.query(`DROP ROLE IF EXISTS "${role}"`);
  await owner.close();
});

storeConformance({
  name: "Postgres, with the rights that the README grants",
  createStore,
  transaction: (work) => restricted.sequelize.transaction(work),
});
