import { startPostgres } from "@turnkeep/dev-services";
import { expect, onTestFinished, test } from "vitest";
import { createSqlStore } from "../store.js";
import { created, patient } from "../testing/store-fixture.js";

test("a Unix socket is reached by every form of its URL, from both pools", async () => {
  const server = await startPostgres({ durable: false, settings: { unix_socket_directories: "/tmp" } });
  onTestFinished(() => server.stop());
  const { username, password, port } = new URL(server.url);
  const user = `${username}:${password}`;
  const forms = [
    `postgres://${user}@/postgres?host=/tmp&port=${port}`,
    `postgresql://${user}@%2Ftmp:${port}/postgres`,
    `postgres://${user}@localhost:${port}/postgres?host=/tmp`,
    `postgres:///postgres?host=/tmp&port=${port}&user=${username}&password=${password}`,
  ];
  for (const url of forms) {
    const store = createSqlStore({ url, ...patient, migrateOnStart: true });
    onTestFinished(() => store.close());
    await store.start();
    await created(store);
    const [[row]] = (await store.sequelize.query("SELECT inet_server_addr() AS address")) as [
      { address: null }[],
      unknown,
    ];
    expect(row, url).toEqual({ address: null });
  }
});

test("what is no URL of Postgres is refused, without showing it", () => {
  for (const url of [
    "postgres://user:hun#ter2@host/db",
    "mysql://hunter2",
    "postgres://",
    "postgres://h:99999/hunter2",
  ]) {
    expect(() => createSqlStore({ url }), url).toThrow(/url: is no URL of Postgres$/);
  }
});
