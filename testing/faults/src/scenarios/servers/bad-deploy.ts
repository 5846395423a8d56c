import { isTurnkeepError } from "@turnkeep/core";
import { until } from "../../clock.js";
import type { Environment } from "../../environment.js";
import type { BadDeploy } from "../../system/bad-deploys.js";
import type { GameService } from "../../system/system.js";
import { seededUuid } from "../../workload/seeded.js";
import type { Scenario } from "../scenario.js";

const defaultGames = 30;
const atOnce = 10;
const unreadable: readonly BadDeploy[] = ["a stricter schema", "a missing upcaster", "an upcaster that fails"];

/**
 * Servers of a bad deploy work beside the right ones, after a loss of Redis, so that no game is in it. The
 * variable TURNKEEP_GAMES says how many live games there are beside those that are played.
 */
export const badDeploy: Scenario = {
  name: "bad-deploy",
  title: "a bad deploy beside the right servers",
  checks: ["I1", "I2", "I5"],
  // Else the right servers recover everything before the wrong ones look.
  workload: { recoverEveryMs: 0 },
  // What a wrong server claims and cannot read is hidden from the right ones for a while.
  drainsWithinMs: 20_000,
  async inject(environment, chance) {
    const count = Number(process.env.TURNKEEP_GAMES ?? defaultGames);
    // By their ids they come last, so that a sweep meets them in a row, and no game between that is played and read.
    const lastId = () => `ffffffff${seededUuid(chance).slice(8)}`;
    const games = await inTurns(Array.from({ length: count }), (_, n) => environment.newGame(chance, n % 3, lastId()));
    await refusesToStart(environment, "another game");
    const wrong = [];
    for (const deploy of unreadable) {
      wrong.push(await environment.openSite((to) => environment.system.open(to, deploy)));
    }
    await environment.withLoss(
      "FLUSHALL",
      async () => void (await environment.redis.admin((redis) => redis.flushall())),
    );
    await Promise.all(wrong.map(({ service }) => useWrongly(environment, service, games)));
    // Recovery reads no game, so that these bring back what the right ones serve.
    await Promise.all(wrong.map(({ service }) => recover(service)));
    await nothingIsQuarantined(environment);
    await inTurns(games, (gameId, n) => environment.writeUntilDone(n % 3, gameId, `after-the-deploy-${n}`, "durable"));
  },
};

async function inTurns<T, R>(items: readonly T[], work: (item: T, n: number) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let n = 0; n < items.length; n += atOnce) {
    results.push(...(await Promise.all(items.slice(n, n + atOnce).map((item, m) => work(item, n + m)))));
  }
  return results;
}

/** A server of another game does not start at all. */
async function refusesToStart(environment: Environment, deploy: BadDeploy): Promise<void> {
  environment.countFault();
  const error = await environment
    .openSite((to) => environment.system.open(to, deploy))
    .then(
      () => null,
      (thrown: unknown) => thrown,
    );
  if (error === null) throw new Error(`a server of ${deploy} started`);
  if (!isTurnkeepError(error, "Misconfigured")) throw error;
}

async function recover(service: GameService): Promise<void> {
  const refusal = await refusalOf(() => service.recover());
  if (refusal !== null) throw new Error(`a wrong recovery was answered with ${refusal}`);
}

/** Sweeps, reads, writes and ends. Each call says that this process cannot read, and none changes a game. */
async function useWrongly(environment: Environment, service: GameService, games: readonly string[]): Promise<void> {
  environment.countFault();
  await refusalOf(() => service.sweep());
  for (const gameId of games.slice(0, atOnce)) {
    for (const call of [
      () => service.read(gameId),
      () => service.write(gameId, `of-the-bad-deploy-${gameId.slice(0, 8)}`, "durable"),
      () => service.end(gameId),
    ]) {
      if ((await refusalOf(call)) === null) throw new Error(`a wrong server served game ${gameId}`);
    }
  }
}

/**
 * The message of the error by which a process says that it cannot read a game, `null` if it can. What a busy machine
 * does not do in time is tried again.
 * @throws every other error
 */
async function refusalOf(call: () => Promise<unknown>): Promise<string | null> {
  let last: unknown;
  const tried = async () => {
    try {
      await call();
      return null;
    } catch (error) {
      if (isTurnkeepError(error, "InvalidState") || isTurnkeepError(error, "UnsupportedSchema")) return error.message;
      if (!isTurnkeepError(error, "StoreUnavailable") && !isTurnkeepError(error, "CacheUnavailable")) throw error;
      last = error;
      return false;
    }
  };
  return until(tried, () => `a wrong server is never answered: ${last}`);
}

async function nothingIsQuarantined({ postgres, names }: Environment): Promise<void> {
  const { rows } = await postgres.admin((db) =>
    db.query(`SELECT id FROM "${names.schema}".active_games WHERE status = 'quarantined'`),
  );
  if (rows.length > 0) throw new Error(`${rows.length} games were quarantined by a bad deploy`);
}
