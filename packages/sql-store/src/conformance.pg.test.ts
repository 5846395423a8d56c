import { storeConformance } from "@turnkeep/conformance";
import { testServers, uniqueName } from "@turnkeep/dev-services/testing";
import { afterAll, beforeAll } from "vitest";
import { createSqlStore } from "./store.js";
import { patient } from "./testing/store-fixture.js";

const schema = uniqueName("conformance");
const createStore = () => createSqlStore({ url: testServers().databaseUrl, schema, ...patient });
const owner = createStore();

beforeAll(async () => {
  await owner.migrate();
});
afterAll(async () => {
  await owner.sequelize.query(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`);
  await owner.close();
});

storeConformance({
  name: "Postgres",
  createStore,
  transaction: (work) => owner.sequelize.transaction(work),
});
