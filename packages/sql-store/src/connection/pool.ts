import type { EventEmitter } from "node:events";
import pg from "pg";
import { Sequelize } from "sequelize";
import { aborted, breaksConnection, connectionsInUse, translateError } from "../errors.js";
import type { Settings } from "../options.js";

/** Listens to a connection's errors: without a listener, a killed backend would end the process. */
const listen = (client: pg.ClientBase) => void client.on("error", () => {});

/** What both pools ask of the server for each of their connections. */
const serverSettings = (settings: Settings) => ({
  application_name: settings.advanced.applicationName,
  ...(settings.statementTimeoutMs > 0 && { statement_timeout: settings.statementTimeoutMs }),
  ...(settings.lockTimeoutMs > 0 && { lock_timeout: settings.lockTimeoutMs }),
});

/** How the application's Sequelize connects: to the master, if it knows replicas. */
function connectionOf({ config }: Sequelize): pg.PoolConfig {
  const master = config.replication ? config.replication.write : {};
  const { host, port, username, password, database, dialectOptions } = { ...config, ...master };
  return {
    ...(dialectOptions as pg.PoolConfig | undefined),
    ...(host ? { host } : {}),
    ...(port ? { port: Number(port) } : {}),
    ...(username ? { user: username } : {}),
    ...(password ? { password } : {}),
    ...(database ? { database } : {}),
  };
}

/** How the store's own connections are opened. */
export function clientConfig(settings: Settings, sequelize: Sequelize): pg.ClientConfig {
  return {
    ...(settings.url === undefined ? connectionOf(sequelize) : { connectionString: settings.url }),
    ...serverSettings(settings),
    connectionTimeoutMillis: settings.connectTimeoutMs,
    keepAlive: true,
  };
}

/** The pool of the store's own statements. Connects when first used. */
export function openPool(settings: Settings, sequelize: Sequelize): pg.Pool {
  const pool = new pg.Pool({
    ...clientConfig(settings, sequelize),
    max: settings.poolSize,
  });
  pool.on("connect", listen);
  pool.on("error", () => {}); // an idle connection was lost; the pool has dropped it already
  return pool;
}

/** How Sequelize and pg mark a connection that is lost. */
interface SequelizeConnection {
  readonly _invalid?: boolean;
  readonly _ending?: boolean;
}

/**
 * A Sequelize of the store's own, for models, migrations and transactions. Connects when first used. A connection whose
 * session refuses what it is asked is not used again, also for another caller.
 */
export function openSequelize(settings: Settings, url: string): Sequelize {
  const broken = new WeakSet<object>();
  const watch = (client: unknown) => {
    if (!(client instanceof pg.Client)) return;
    const { connection } = client as unknown as { connection: EventEmitter };
    connection.on("errorMessage", (error: unknown) => {
      if (breaksConnection(error)) broken.add(client);
    });
  };
  // pg reads the url, so that both pools understand the same forms of it, such as ?host=/folder.
  const { host, port, user, password, database, ssl } = new pg.Client(url);
  return new Sequelize({
    dialect: "postgres",
    host,
    port,
    ...(user === undefined ? {} : { username: user }),
    ...(password ? { password } : {}),
    ...(database === undefined ? {} : { database }),
    dialectModule: pg,
    logging: false,
    hooks: { afterConnect: watch },
    pool: {
      max: settings.advanced.sequelizePoolSize,
      acquire: settings.connectTimeoutMs + 1_000,
      validate: (client?: object) => {
        if (client === undefined || broken.has(client)) return false;
        const { _invalid, _ending } = client as SequelizeConnection;
        return !_invalid && !_ending;
      },
    },
    dialectOptions: {
      ...serverSettings(settings),
      connectionTimeoutMillis: settings.connectTimeoutMs,
      keepAlive: true,
      ...(ssl ? { ssl } : {}),
    },
  });
}

/** A connection to be released. @throws StoreUnavailable, Aborted: nothing was done */
export async function checkOut(pool: pg.Pool, signal?: AbortSignal): Promise<pg.PoolClient> {
  if (signal?.aborted) throw aborted("notDone");
  const connecting = pool.connect();
  try {
    if (!signal) return await connecting;
    return await new Promise<pg.PoolClient>((resolve, reject) => {
      const abort = () => {
        reject(aborted("notDone"));
        connecting.then((client) => client.release()).catch(() => {});
      };
      signal.addEventListener("abort", abort, { once: true });
      connecting.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
    });
  } catch (error) {
    throw isQueueTimeout(error) ? connectionsInUse() : translateError(error, "notDone");
  }
}

/** The pool had no connection free in time, which says nothing of Postgres. It gives this error no code. */
function isQueueTimeout(error: unknown): boolean {
  return error instanceof Error && error.message === "timeout exceeded when trying to connect";
}
