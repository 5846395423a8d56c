import { type Cluster, Redis } from "ioredis";
import pg from "pg";

/* Connections of their own for one look or one change; they end with it. */

export function withRedis<T>(url: string, work: (redis: Redis) => Promise<T>): Promise<T> {
  return withClient(new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 1 }), work);
}

/** @param redis a client that is not connected yet */
export async function withClient<Client extends Redis | Cluster, T>(
  redis: Client,
  work: (redis: Client) => Promise<T>,
): Promise<T> {
  redis.on("error", () => {}); // Its commands report it too.
  try {
    await redis.connect();
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}

export async function withPostgres<T>(url: string, work: (db: pg.Client) => Promise<T>): Promise<T> {
  const db = new pg.Client({ connectionString: url });
  db.on("error", () => {}); // Its statements report it too.
  await db.connect();
  try {
    return await work(db);
  } finally {
    await db.end().catch(() => {});
  }
}
