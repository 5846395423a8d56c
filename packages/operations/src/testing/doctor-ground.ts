import { type RunningServer, startPostgres, startRedis } from "@turnkeep/dev-services";
import { connectMasters, createRedisCache } from "@turnkeep/redis-cache";
import { createSqlStore } from "@turnkeep/sql-store";
import { Redis } from "ioredis";
import pg from "pg";
import { type Diagnosis, type Examination, examine } from "../doctor/examine.js";

/** Where the doctor looks; a plant may lead it elsewhere. */
export interface Address {
  readonly redisUrl: string;
  readonly databaseUrl: string;
  readonly limits?: { readonly statementTimeoutMs: number; readonly lockTimeoutMs: number };
}

export const game = "doctors-game";
const own = { appendonly: true, extraArgs: ["--maxmemory", "256mb"] };

/** A Redis and a Postgres as they should be, with everybody's rights to spoil them. */
export class DoctorGround {
  readonly redis: Redis;
  readonly admin: pg.Client;

  private constructor(
    readonly redisServer: RunningServer,
    readonly postgres: RunningServer,
  ) {
    this.redis = new Redis(redisServer.url);
    this.admin = new pg.Client(postgres.url);
  }

  static async open(): Promise<DoctorGround> {
    const [redis, postgres] = await Promise.all([startRedis(own), startPostgres()]);
    const ground = new DoctorGround(redis, postgres);
    await ground.admin.connect();
    const store = createSqlStore({ url: postgres.url, migrateOnStart: true });
    const cache = createRedisCache({ url: redis.url });
    await Promise.all([store.start(), cache.start()]);
    await cache.belongTo(await store.belongTo(game));
    await Promise.all([store.close(), cache.close()]);
    await ground.run("CREATE ROLE player LOGIN PASSWORD 'secret-word'", "GRANT USAGE ON SCHEMA turnkeep TO player");
    for (const [table, rights] of Object.entries(store.needs.rights)) {
      await ground.run(`GRANT ${rights.join(", ")} ON turnkeep.${table} TO player`);
    }
    return ground;
  }

  async close(): Promise<void> {
    this.redis.disconnect();
    await this.admin.end();
    await Promise.all([this.redisServer.stop(), this.postgres.stop()]);
  }

  async run(...statements: readonly string[]): Promise<void> {
    for (const sql of statements) await this.admin.query(sql);
  }

  /** The address of the role that has the documented rights alone. */
  get asPlayer(): string {
    return this.postgres.url.replace(/\/\/[^@]*@/, "//player:secret-word@");
  }

  async examine(where: Partial<Address> = {}): Promise<Examination> {
    const { redisUrl, databaseUrl, limits } = {
      redisUrl: this.redisServer.url,
      databaseUrl: this.postgres.url,
      ...where,
    };
    const store = createSqlStore({ url: databaseUrl, ...limits });
    const cache = createRedisCache({ url: redisUrl });
    const opened: { close(): Promise<void> }[] = [store, cache];
    try {
      return await examine({
        game,
        redis: {
          start: () => cache.start(),
          masters: async () => {
            const connected = await connectMasters({ url: redisUrl });
            opened.push(connected);
            return connected.masters;
          },
          keyPrefix: "",
        },
        postgres: {
          start: () => store.start(),
          query: async (sql, bind = []) =>
            (await store.sequelize.query(sql, { bind: [...bind], raw: true }))[0] as readonly object[],
          needs: store.needs,
          migrations: store.needs.migrations,
          deployment: () => store.deployment(),
        },
      });
    } finally {
      await Promise.all(opened.map((each) => each.close()));
    }
  }

  /** What is not as it should be, as `level id`. */
  async complaints(where: Partial<Address> = {}): Promise<readonly string[]> {
    const { diagnoses } = await this.examine(where);
    return diagnoses.filter(({ level }) => level !== "ok").map(({ level, id }: Diagnosis) => `${level} ${id}`);
  }
}
