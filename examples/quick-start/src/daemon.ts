import { createDaemon } from "@turnkeep/daemon";
import { createRedisCache } from "@turnkeep/redis-cache";
import { createSqlStore } from "@turnkeep/sql-store";
import { nim } from "./nim.js";

const { REDIS_URL = "", DATABASE_URL = "", DATABASE_SCHEMA = "turnkeep" } = process.env;
const stores = () => ({
  cache: createRedisCache({ url: REDIS_URL }),
  store: createSqlStore({ url: DATABASE_URL, schema: DATABASE_SCHEMA, migrateOnStart: true }),
});
const daemon = createDaemon({ game: nim, stores });
const stop = new AbortController();
process.once("SIGTERM", () => stop.abort());
await daemon.run(stop.signal);
