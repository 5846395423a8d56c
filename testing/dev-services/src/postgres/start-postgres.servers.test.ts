import { existsSync, statSync } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { expect, test } from "vitest";
import { freePort } from "../free-port.js";
import { isAlive } from "../owned-process.mjs";
import { startPostgres } from "./start-postgres.js";

async function query(url: string, text: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {}); // The server is killed under some of them.
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

test("a temporary server answers on loopback alone, and leaves nothing after stop", async () => {
  const server = await startPostgres({ durable: false });
  const rows = await query(server.url, "select current_setting('listen_addresses') as at, inet_server_port() as port");
  expect(rows).toEqual([{ at: "127.0.0.1", port: server.port }]);
  expect(statSync(server.dataDir).mode & 0o077).toBe(0);
  await server.stop();
  await server.stop();
  expect(isAlive(server.pid)).toBe(false);
  expect(existsSync(server.dataDir)).toBe(false);
});

test("a client without the password is refused", async () => {
  const server = await startPostgres({ durable: false });
  const url = new URL(server.url);
  url.password = "guessed";
  await expect(query(url.href, "select 1")).rejects.toMatchObject({ code: "28P01" });
  await server.stop();
});

test("after a kill it starts again on its port and has what was committed", async () => {
  const folder = await mkdtemp(join(tmpdir(), "turnkeep-test-"));
  await chmod(folder, 0o700); // As below a private checkout: only the owner may enter.
  const options = { dataDir: join(folder, "postgres"), port: await freePort() };
  try {
    const first = await startPostgres(options);
    await query(first.url, "create table kept as select 42 as n");
    await first.kill();
    expect(isAlive(first.pid)).toBe(false);
    const second = await startPostgres(options);
    expect(second.url).toBe(first.url);
    expect(await query(second.url, "select n from kept")).toEqual([{ n: 42 }]);
    await second.stop();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("a setting that the server refuses is an error that names it, and nothing is left", async () => {
  const settings = { max_connections: "many" };
  await expect(startPostgres({ settings })).rejects.toThrow(/Postgres did not start.*max_connections/);
});
