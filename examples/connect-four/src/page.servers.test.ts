import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { freePort, patienceMs, startChromium, startRedis } from "@turnkeep/dev-services";
import { testServers, uniqueName } from "@turnkeep/dev-services/testing";
import pg from "pg";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

const main = fileURLToPath(new URL("./main.ts", import.meta.url));
const schema = uniqueName("connect_four");
let redis: Awaited<ReturnType<typeof startRedis>>;
let chromiumProcess: Awaited<ReturnType<typeof startChromium>>;
let browser: Browser;
let server: ChildProcess | undefined;

beforeAll(async () => {
  [redis, chromiumProcess] = await Promise.all([startRedis(), startChromium()]);
  browser = await chromium.connectOverCDP(chromiumProcess.endpoint);
});
afterAll(async () => {
  server?.kill("SIGKILL");
  await chromiumProcess.stop();
  await redis.stop();
  const client = new pg.Client({ connectionString: testServers().databaseUrl });
  await client.connect();
  await client.query(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`);
  await client.end();
});

async function start(port: number): Promise<ChildProcess> {
  const { databaseUrl } = testServers();
  const env = {
    ...process.env,
    PORT: `${port}`,
    REDIS_URL: redis.url,
    DATABASE_URL: databaseUrl,
    DATABASE_SCHEMA: schema,
  };
  const tsx = ["--import", "tsx", "--conditions=@turnkeep/source", main];
  const child = spawn(process.execPath, tsx, { env, stdio: ["ignore", "pipe", "inherit"] });
  await once(child.stdout as NodeJS.ReadableStream, "data");
  return child;
}

async function open(url: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  page.setDefaultTimeout(patienceMs);
  await page.goto(url);
  return page;
}

test("two browsers play a game to its end, and the server is killed in between", async () => {
  const port = await freePort();
  server = await start(port);
  const ann = await open(`http://127.0.0.1:${port}/`);
  const link = await ann.getByRole("link").getAttribute("href");
  const bob = await open(`http://127.0.0.1:${port}/${link}`);
  const column = (page: Page, n: number) => page.getByRole("button", { name: `column ${n}` }).first();
  for (let move = 0; move < 7; move++) {
    const page = move % 2 === 0 ? ann : bob;
    await page.getByText("Your turn").waitFor();
    if (move === 4) {
      server.kill("SIGKILL");
      await once(server, "exit");
      const clicked = column(page, 1).click();
      server = await start(port);
      await clicked;
    } else await column(page, 1 + (move % 2)).click();
    if (move < 6) await page.getByText("Their turn").waitFor();
  }
  await ann.getByText("You won").waitFor();
  await bob.getByText("You lost").waitFor();
  const player = new URL(ann.url()).hash.split("/")[1];
  const history = await fetch(`http://127.0.0.1:${port}/history?player=${player}`);
  expect(await history.json()).toEqual([
    expect.objectContaining({ outcome: expect.objectContaining({ endReason: "four" }) }),
  ]);
});
