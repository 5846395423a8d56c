// Everything from one command: Postgres, Redis, a game server, the recovery daemon, and two bots to watch.
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { startApp } from "./lib/app-service.mjs";
import { bootstrap, build } from "./lib/bootstrap.mjs";
import { holderOf, tryLock } from "./lib/lock.mjs";
import { checkNodeVersion } from "./lib/node-version.mjs";
import { watchParent } from "./lib/parent.mjs";
import { data, importFile, root } from "./lib/paths.mjs";
import { endRunning } from "./lib/run.mjs";
import { Supervisor } from "./lib/supervisor.mjs";
import { bold, dim, step } from "./lib/terminal.mjs";
import { runMain, UserError } from "./lib/user-error.mjs";

const lockFile = `${data}/start.lock`;
const botsProgram = "apps/server/dist/bots.js";
const gamePort = 3_000;
const redisPort = 6_390;
const postgresPort = 5_450;

/** @type {(host: string, port: number) => Promise<boolean>} */
const isFree = (host, port) =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, host, () => probe.close(() => resolve(true)));
  });

const taken = new Set();

/** The first free port from the preferred one upwards. @type {(host: string, preferred: number) => Promise<number>} */
async function portFrom(host, preferred) {
  let port = preferred;
  while (taken.has(port) || !(await isFree(host, port))) port += 1;
  taken.add(port);
  return port;
}

/** @type {(supervisor: Supervisor) => Promise<{ databaseUrl: string, redisUrl: string }>} */
async function provideServers(supervisor) {
  /** @type {typeof import("../testing/dev-services/src/index.js")} */
  const { startPostgres, startRedis } = await importFile(`${root}/testing/dev-services/dist/index.js`);
  const given = { databaseUrl: process.env.DATABASE_URL, redisUrl: process.env.REDIS_URL };
  /** @type {(error: unknown) => never} */
  const explain = (error) => {
    throw new UserError(error instanceof Error ? error.message : String(error));
  };
  const postgres = async () => {
    if (given.databaseUrl) return { url: given.databaseUrl };
    const port = await portFrom("127.0.0.1", postgresPort);
    const dataDir = `${data}/postgres`;
    return step("Start Postgres", () =>
      supervisor.keep("Postgres", () => startPostgres({ dataDir, port }).catch(explain)),
    );
  };
  const redis = async () => {
    if (given.redisUrl) return { url: given.redisUrl };
    const port = await portFrom("127.0.0.1", redisPort);
    const options = { dataDir: `${data}/redis`, port, appendonly: true };
    return step("Start Redis", () => supervisor.keep("Redis", () => startRedis(options).catch(explain)));
  };
  return { databaseUrl: (await postgres()).url, redisUrl: (await redis()).url };
}

/** @type {(supervisor: Supervisor) => Promise<string>} */
async function startEverything(supervisor) {
  await bootstrap();
  await build(["@turnkeep/dev-services", "@turnkeep/server", "@turnkeep/recovery-daemon"]);
  const { databaseUrl, redisUrl } = await provideServers(supervisor);
  const host = process.env.HOST || "127.0.0.1";
  const port = process.env.PORT ? Number(process.env.PORT) : await portFrom(host, gamePort);
  const daemonPort = await portFrom("127.0.0.1", port + 1);
  const common = { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, DATA_DIR: data };
  const reachable = ["0.0.0.0", "::"].includes(host) ? "127.0.0.1" : host;
  const address = `http://${reachable.includes(":") ? `[${reachable}]` : reachable}:${port}`;
  const daemon = {
    name: "recovery daemon",
    script: "apps/recovery-daemon/dist/main.js",
    args: ["run"],
    env: { ...common, HOST: "127.0.0.1", PORT: String(daemonPort) },
    logFile: `${data}/logs/recovery-daemon.log`,
    readyUrl: `http://127.0.0.1:${daemonPort}/readyz`,
  };
  const server = {
    name: "game server",
    script: "apps/server/dist/main.js",
    env: { ...common, HOST: host, PORT: String(port) },
    logFile: `${data}/logs/server.log`,
    readyUrl: `${address}/readyz`,
  };
  await step("Start the recovery daemon", () => supervisor.keep(daemon.name, () => startApp(daemon)));
  await step("Start the game server", () => supervisor.keep(server.name, () => startApp(server)));
  const nothingConfigured = !process.env.DATABASE_URL && !process.env.REDIS_URL;
  if (nothingConfigured && existsSync(`${root}/${botsProgram}`)) {
    const bots = {
      name: "bots",
      script: botsProgram,
      env: { ...common, SERVER_URL: address },
      logFile: `${data}/logs/bots.log`,
    };
    await step("Let two bots play", () => supervisor.keep(bots.name, () => startApp(bots)));
  }
  console.log(`\n${bold(`Turnkeep is up: ${address}`)}`);
  console.log(
    dim(`Postgres ${databaseUrl.replace(/\/\/[^@/]*@/, "//")}   Redis ${redisUrl.replace(/\/\/[^@/]*@/, "//")}`),
  );
  console.log(dim("Logs are in .data/logs. Ctrl-C drains and stops everything.\n"));
  return address;
}

async function main() {
  checkNodeVersion();
  const lock = tryLock(lockFile);
  if (lock === undefined) {
    const holder = holderOf(lockFile);
    const where = holder?.note ? ` at ${holder.note}` : "";
    throw new UserError(
      `Turnkeep already runs from this checkout${where} (process ${holder?.pid}): stop that one first.`,
    );
  }
  const alive = setInterval(() => {}, 60_000); // Children alone do not keep this script waiting.
  /** @type {(why: string) => void} */
  let stop = () => {};
  /** @type {Promise<string>} */
  const stopped = new Promise((resolve) => {
    stop = resolve;
  });
  let failed = false;
  const supervisor = new Supervisor((reason) => {
    failed = true;
    console.error(reason);
    stop("");
  });
  let signals = 0;
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    process.on(signal, () => {
      signals += 1;
      if (signals === 1) return stop(signal);
      console.log("Stopping at once");
      void Promise.all([supervisor.kill(), endRunning()]).finally(() => process.exit(1));
    });
  }
  watchParent(() => stop("npm was killed"));
  const started = startEverything(supervisor).then(
    (address) => lock.note(address),
    (error) => {
      if (signals > 0) return;
      failed = true;
      console.error(error instanceof UserError ? `\n${error.message}` : error);
      stop("");
    },
  );
  await stopped;
  await endRunning();
  await supervisor.stop((name, stop) => step(`Stop ${name}`, stop));
  await started;
  await supervisor.stop((name, stop) => step(`Stop ${name}`, stop));
  clearInterval(alive);
  return failed ? 1 : 0;
}

await runMain(main);
