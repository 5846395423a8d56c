import { randomUUID } from "node:crypto";
import { isTurnkeepError } from "@turnkeep/core";
import { must, newMoves, type Subject, sameMoves, withMove } from "./subject.js";

export interface Scenario {
  readonly hole: number;
  readonly title: string;
  /** @throws HoleShown if the subject has the hole */
  readonly run: (subject: Subject) => Promise<void>;
}

/** A refusal is a fine answer; what counts is what is stored afterwards. */
export async function refusable(call: Promise<unknown>): Promise<void> {
  await call.catch((error: unknown) => {
    if (!isTurnkeepError(error)) throw error;
  });
}

const live = async (subject: Subject, ...moves: string[]): Promise<string> => {
  const gameId = randomUUID();
  await subject.servers[0].create(newMoves(gameId, moves));
  return gameId;
};

export const savingScenarios: readonly Scenario[] = [
  {
    hole: 1,
    title: "persist says it updates the cache and does not",
    run: async (subject) => {
      const [a] = subject.servers;
      const gameId = await live(subject);
      await a.persist(newMoves(gameId, ["m1"]));
      must(sameMoves(await a.load(gameId), "m1"), "the load after the save is older than the save");
    },
  },
  {
    hole: 2,
    title: "an older copy is saved over a newer one",
    run: async (subject) => {
      const [a, b] = subject.servers;
      const gameId = await live(subject);
      const seenByB = await b.load(gameId);
      await a.load(gameId);
      await a.persist(newMoves(gameId, ["fromA"]));
      if (seenByB) await refusable(b.persist(withMove(seenByB, "fromB")));
      await a.evict(gameId);
      must(sameMoves(await a.load(gameId), "fromA"), "A's durable move is gone");
    },
  },
  {
    hole: 10,
    title: "the time to live expires a game whose last actions were never persisted",
    run: async (subject) => {
      const [a] = subject.servers;
      const gameId = await live(subject);
      await a.act(gameId, "m1");
      const left = await subject.redis.pttl(subject.stateKey(gameId));
      must(left === -1, "an unpersisted move lies under a time to live");
    },
  },
  {
    hole: 14,
    title: "a crash between turn boundaries leaves moves that nothing ever flushes",
    run: async (subject) => {
      const [a, b] = subject.servers;
      const gameId = await live(subject);
      await a.act(gameId, "m1"); // and A is never heard of again
      await b.flushLeftovers();
      await subject.redis.del(subject.stateKey(gameId));
      must(sameMoves(await b.load(gameId), "m1"), "the move was only in Redis");
    },
  },
  {
    hole: 15,
    title: "two first persists hit a duplicate key",
    run: async (subject) => {
      const [a, b] = subject.servers;
      const gameId = randomUUID();
      const gates = [subject.hold(0, "createRow"), subject.hold(1, "createRow")];
      const saves = [a, b].map((server) => server.persist(newMoves(gameId, ["m1"])));
      await Promise.all(gates.map((gate) => gate.reached));
      for (const gate of gates) gate.release();
      const results = await Promise.allSettled(saves);
      const broken = results.filter((r) => r.status === "rejected" && !isTurnkeepError(r.reason, "RevisionConflict"));
      must(broken.length === 0, "the database's own error reached the caller");
      must(
        results.some((r) => r.status === "fulfilled"),
        "nobody's save was taken",
      );
      must((await a.count()) === 1 && sameMoves(await a.load(gameId), "m1"), "there is not exactly one game");
    },
  },
  {
    hole: 19,
    title: "one game under two spellings of its id",
    run: async (subject) => {
      const [a] = subject.servers;
      const gameId = await live(subject, "m1");
      await refusable(a.load(gameId.toUpperCase()));
      must((await subject.redis.exists(subject.stateKey(gameId.toUpperCase()))) === 0, "the game has two cache keys");
    },
  },
  {
    hole: 22,
    title: "given rules {} are replaced by a default",
    run: async (subject) => {
      const [a] = subject.servers;
      const gameId = randomUUID();
      await a.persist(newMoves(gameId), { rulesConfig: {} });
      must(JSON.stringify(await subject.storedRules(gameId)) === "{}", "the stored rules are not the given ones");
    },
  },
];

export const readingScenarios: readonly Scenario[] = [
  {
    hole: 3,
    title: "a slow reader caches the row that it read before a newer save",
    run: async (subject) => {
      const [a, b] = subject.servers;
      const gameId = await live(subject, "m1");
      await a.evict(gameId);
      const gate = subject.hold(1, "fillCache");
      const reading = b.load(gameId);
      await gate.reached;
      const seen = await a.load(gameId);
      if (seen) await a.persist(withMove(seen, "m2"));
      gate.release();
      await reading;
      must(sameMoves(await b.load(gameId), "m1", "m2"), "the cache serves the older state");
    },
  },
  {
    hole: 4,
    title: "recovery at start-up writes an older row over a cache that survived",
    run: async (subject) => {
      const [a, b] = subject.servers;
      const gameId = await live(subject);
      await a.act(gameId, "m1");
      await b.recover();
      must(sameMoves(await b.load(gameId), "m1"), "recovery took a move back");
    },
  },
  {
    hole: 16,
    title: "one unreadable cached document makes every load throw",
    run: async (subject) => {
      const [a, b] = subject.servers;
      const bad = await live(subject, "m1");
      const good = await live(subject, "m1");
      await a.flushLeftovers();
      await subject.redis.set(subject.stateKey(bad), "{not json", "KEEPTTL");
      const outcome = await b.load(bad).then(
        () => "served",
        (error: unknown) => (isTurnkeepError(error, "GameQuarantined") ? "set aside" : "broken"),
      );
      must(outcome !== "broken", "the load fails, and will fail for ever");
      must(sameMoves(await b.load(good), "m1"), "another game suffers");
    },
  },
  {
    hole: 17,
    title: "recovery and count read every row into memory",
    run: async (subject) => {
      const [a, b] = subject.servers;
      const games = 25; // more than the page that the subjects are given
      for (let i = 0; i < games; i++) await a.create(newMoves(randomUUID()));
      await b.recover();
      must((await b.count()) >= games, "the count is wrong");
      must(subject.largestReply() < games, `one reply held ${subject.largestReply()} games`);
    },
  },
];

export const endingScenarios: readonly Scenario[] = [
  {
    hole: 5,
    title: "a reader caches a game that was archived meanwhile",
    run: async (subject) => {
      const [a, b] = subject.servers;
      const gameId = await live(subject, "m1");
      await a.evict(gameId);
      const gate = subject.hold(1, "fillCache");
      const reading = b.load(gameId);
      await gate.reached;
      await a.end(gameId);
      gate.release();
      await reading;
      must((await b.load(gameId)) === null, "the archived game is served as live");
    },
  },
  {
    hole: 6,
    title: "a late persist brings an archived game back",
    run: async (subject) => {
      const [a, b] = subject.servers;
      const gameId = await live(subject);
      const seen = await b.load(gameId);
      await a.end(gameId);
      if (seen) await refusable(b.persist(withMove(seen, "late")));
      must((await a.count()) === 0 && (await a.load(gameId)) === null, "the finished game lives again");
    },
  },
  {
    hole: 7,
    title: "a process dies between the archive's commit and the clearing of the cache",
    run: async (subject) => {
      const [a, b] = subject.servers;
      const gameId = await live(subject);
      const gate = subject.hold(0, "clearCache");
      const ending = a.end(gameId);
      await gate.reached; // and A is never heard of again
      const played = await b.act(gameId, "zombie").then(
        () => true,
        (error: unknown) => !isTurnkeepError(error),
      );
      gate.release();
      await refusable(ending);
      must(!played, "the finished game can be played on");
    },
  },
  {
    hole: 8,
    title: "the cache is cleared inside a transaction that rolls back",
    run: async (subject) => {
      const [a, b] = subject.servers;
      const gameId = await live(subject);
      await a.act(gameId, "m1");
      await a.archiveAndRollBack(gameId);
      must((await subject.redis.exists(subject.stateKey(gameId))) === 1, "the cache was cleared all the same");
      must(sameMoves(await b.load(gameId), "m1"), "a move was lost to a transaction that never happened");
    },
  },
  {
    hole: 9,
    title: "a reader refills the cache while a game is deleted",
    run: async (subject) => {
      const [a, b] = subject.servers;
      const gameId = await live(subject);
      const gate = subject.hold(0, "deleteRow");
      const removing = a.remove(gameId);
      await gate.reached;
      await b.load(gameId);
      gate.release();
      await removing;
      must((await b.load(gameId)) === null, "the deleted game is served");
    },
  },
  {
    hole: 11,
    title: "ending a game twice is an error",
    run: async (subject) => {
      const [a, b] = subject.servers;
      const gameId = await live(subject);
      await b.load(gameId);
      await a.end(gameId);
      const again = await b.end(gameId).then(
        () => "ended",
        () => "threw",
      );
      must(again === "ended", "the second end threw");
      must((await subject.history(gameId)).length === 1, "there is not exactly one history row");
    },
  },
  {
    hole: 12,
    title: "the archiver's copy is stale, and later actions vanish from history",
    run: async (subject) => {
      const [a, b] = subject.servers;
      const gameId = await live(subject);
      const stale = await a.load(gameId);
      await b.act(gameId, "m1");
      await a.archive(gameId, stale ?? newMoves(gameId));
      const [row] = await subject.history(gameId);
      must(sameMoves(row, "m1"), "history lacks the last action");
    },
  },
  {
    hole: 13,
    title: "history of a game without an active row looks like a whole one",
    run: async (subject) => {
      const [a] = subject.servers;
      const gameId = randomUUID();
      await a.archive(gameId, newMoves(gameId, ["m1"]));
      const [row] = await subject.history(gameId);
      must(row?.incomplete === true, "nothing says that players and times are missing");
    },
  },
];
