import type { ContenderName, Site } from "../contenders/contender.js";
import { openLimit } from "../contenders/limit.js";
import { openNaive } from "../contenders/naive.js";
import type { Contenders } from "../contenders/open-contenders.js";
import type { Measured } from "../measure/operation.js";
import { startWorker } from "../remote/start-worker.js";
import type { Task } from "../remote/task.js";
import { seedPlain, seedTurnkeep } from "../states/seed-games.js";
import type { Row } from "./row.js";

type Asked = Pick<Task, "what" | "size" | "games" | "runMs" | "localCopyBytes">;

/** Recovery has a second limit. */
const contendersOf = ({ what }: Asked) =>
  what === "recover" ? (["limit", "copy", "naive", "turnkeep"] as const) : (["limit", "naive", "turnkeep"] as const);

/** Each contender in a process of its own, on the same games. */
async function openRemote(
  { cache, db, ...site }: Site,
  asked: Asked,
  before: (measured: Measured) => Measured,
): Promise<Contenders> {
  await seedTurnkeep({ cache, db, ...site }, asked.size, asked.games);
  for (const open of [openLimit, openNaive]) await (await open(site)).close();
  await seedPlain({ cache, db, ...site });
  const contenders = new Map<ContenderName, Measured>();
  for (const contender of contendersOf(asked)) {
    const measured = before(await startWorker({ ...asked, contender, site }));
    contenders.set(contender, measured);
    // The limit's process once more.
    if (contender === "limit") contenders.set("control", { ...measured, close: async () => {} });
  }
  return contenders;
}

/** @param held with a bound for local copies that all games fit into, in bytes a game */
const acting =
  (size: Task["size"], held: number | null): Row["cases"] =>
  ({ growth }) =>
    growth.games.map((games) => ({
      label: `${size} KB, ${games} games, 64 at once`,
      growth: games,
      rounds: growth.rounds,
      open: (site) => {
        const localCopyBytes = held === null ? null : Math.max(games * held, 2 ** 26);
        return openRemote(
          site,
          { what: "act", size, games, runMs: growth.runMs, localCopyBytes },
          (measured) => measured,
        );
      },
    }));

const against =
  "limit: a server that holds nothing, GET + JSON.parse + JSON.stringify + SET; usual design: GET + zod, SET";

export const games: Row = {
  name: "games",
  title: "An action on any of many games, with the default bound for local copies",
  against,
  cases: acting(10, null),
};

export const heldGames: Row = {
  name: "held-games",
  title: "An action on any of many games, all of them held",
  against,
  cases: acting(4, 10_000),
};

export const recoveryGrowth: Row = {
  name: "recovery-growth",
  title: "Recovery of more and more games",
  against: "as recovery; each in a process of its own, with the most memory that it has ever had",
  cases: ({ growth }) =>
    growth.recovered.map((games) => ({
      label: `4 KB, ${games} games`,
      growth: games,
      rounds: games > 50_000 ? 1 : growth.rounds,
      open: (site) =>
        openRemote(site, { what: "recover", size: 4, games, runMs: 0, localCopyBytes: null }, (measured) => ({
          ...measured,
          prepare: () => site.cache.flushall(),
        })),
    })),
};
