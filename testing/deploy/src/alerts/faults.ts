import { pause } from "@turnkeep/service-kit";
import { Redis } from "ioredis";
import type { Site } from "./site.js";

/** What raises an alert. */
export interface AlertFault {
  /** The alert, without the prefix that all share. */
  readonly alert: string;
  readonly fault: string;
  /** Further settings of the second game server. */
  readonly settingsOfSecond?: Readonly<Record<string, string>>;
  /** Begins the fault, and goes on with it until the signal fires where it is one that goes on. */
  readonly inject: (site: Site, signal: AbortSignal) => Promise<void>;
}

/** A live game that has been flushed a few times. @throws Error if there is none within a while */
async function someGame({ sql }: Site, signal: AbortSignal): Promise<string> {
  while (!signal.aborted) {
    const [game] = await sql(
      "SELECT id FROM active_games WHERE status = 'live' AND log_count > 10 ORDER BY last_action_at DESC LIMIT 1",
    );
    if (game !== undefined) return String(game.id);
    await pause(100, signal);
  }
  throw new Error("no game is played");
}

async function withoutOrigin(redisUrl: string, gameId: string): Promise<void> {
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: 1 });
  try {
    for (const key of await redis.keys(`*${gameId}*:m`)) await redis.hdel(key, "origin");
  } finally {
    redis.disconnect();
  }
}

const changeGame = (change: string) => async (site: Site, signal: AbortSignal) => {
  await site.sql(`UPDATE active_games SET ${change} WHERE id = $1`, [await someGame(site, signal)]);
};

/** An identity provider's token, whose key has to be asked for. */
const foreignToken = ["e30", "e30", "e30"]
  .join(".")
  .replace("e30", btoa('{"alg":"RS256","kid":"k"}').replace(/=+$/, ""));
const nobody = "http://127.0.0.1:9/keys";

export const alertFaults: readonly AlertFault[] = [
  { alert: "CacheAway", fault: "Redis is killed", inject: ({ redis }) => redis.kill() },
  { alert: "StoreAway", fault: "Postgres is killed", inject: ({ postgres }) => postgres.kill() },
  {
    alert: "OneProcessCutOff",
    fault: "one server's way to Redis is cut",
    inject: async ({ redisOfSecond }) => redisOfSecond.cut(),
  },
  {
    alert: "FlushLate",
    fault: "another session holds the row of a game that is played",
    inject: async (site, signal) => {
      const game = await someGame(site, signal);
      await site.sql(`BEGIN; SELECT FROM active_games WHERE id = '${game}' FOR UPDATE`);
    },
  },
  {
    alert: "LogGap",
    fault: "Postgres loses the last commits of a game",
    inject: async (site, signal) => {
      const game = await someGame(site, signal);
      await site.sql("CREATE TABLE earlier AS SELECT * FROM active_games WHERE id = $1", [game]);
      const grown = "SELECT FROM active_games g, earlier e WHERE g.id = e.id AND g.log_count > e.log_count + 3";
      while ((await site.sql(grown)).length === 0) await pause(50, signal);
      await site.sql(`
        WITH gone AS (DELETE FROM active_games WHERE id = '${game}'),
          lost AS (DELETE FROM game_log l USING earlier e WHERE l.game_id = e.id AND l.seq >= e.log_count)
        SELECT; INSERT INTO active_games SELECT * FROM earlier ON CONFLICT DO NOTHING`);
    },
  },
  {
    alert: "Fork",
    fault: "a row has another past than its copy",
    inject: changeGame("lineage = lineage + 1, fence = fence + 1"),
  },
  {
    alert: "GamesQuarantined",
    fault: "a row holds no document",
    inject: changeGame("status = 'quarantined', quarantine_reason = 'planted'"),
  },
  {
    alert: "GamesUnreadable",
    fault: "a row is of a version that no process knows",
    inject: async (site, signal) => {
      const game = await someGame(site, signal);
      // A game of its own, which is due, so that its deadline has it loaded.
      await site.sql("CREATE TABLE planted AS SELECT * FROM active_games WHERE id = $1", [game]);
      await site.sql(`
        UPDATE planted SET id = gen_random_uuid(), due_at = 0,
          state = jsonb_set(state::jsonb, '{schemaVersion}', '999')::text;
        INSERT INTO active_games SELECT * FROM planted`);
    },
  },
  {
    alert: "Orphans",
    fault: "Postgres loses a game's row, and its copy does not know what that said",
    inject: async (site, signal) => {
      const game = await someGame(site, signal);
      await withoutOrigin(site.redis.url, game);
      await site.sql("DELETE FROM active_games WHERE id = $1", [game]);
    },
  },
  { alert: "ServerDown", fault: "one server is killed", inject: ({ programs }) => programs.killServer(1) },
  { alert: "NoDaemon", fault: "the only daemon is killed", inject: ({ programs }) => programs.killDaemon() },
  {
    alert: "DaemonTaskFails",
    fault: "tombstones cannot be deleted",
    inject: async ({ sql }) => {
      await sql(`
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'planted'; END $$;
        CREATE TRIGGER refuse BEFORE DELETE ON active_games FOR EACH STATEMENT EXECUTE FUNCTION refuse()`);
    },
  },
  {
    alert: "TokenKeysAway",
    fault: "nothing listens at the address of the key server",
    settingsOfSecond: { JWT_SECRET: "", JWT_JWKS_URL: nobody },
    inject: async ({ programs }) => {
      await fetch(`${programs.serverUrls[1]}/games`, { headers: { authorization: `Bearer ${foreignToken}` } });
    },
  },
  {
    alert: "ActionsFail",
    fault: "Postgres refuses one write of four for want of disk, and answers otherwise",
    inject: async ({ sql }) => {
      await sql(`
        CREATE FUNCTION refuse_some() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
          IF random() < 0.25 THEN RAISE 'planted' USING ERRCODE = 'disk_full'; END IF;
          RETURN NULL;
        END $$;
        CREATE TRIGGER refuse_some BEFORE UPDATE ON active_games FOR EACH STATEMENT EXECUTE FUNCTION refuse_some()`);
    },
  },
  {
    alert: "ActionsSlow",
    fault: "the way to Redis takes 300 ms",
    inject: async ({ redisOfSecond }) => {
      redisOfSecond.delayMs = 300;
    },
  },
];
