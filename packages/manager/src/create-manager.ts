import {
  isTurnkeepError,
  type JsonValue,
  TurnkeepError,
  unplayedGames,
  type Viewer,
  type WriteFate,
} from "@turnkeep/core";
import { Deadlines } from "./background/deadlines.js";
import { expireStaleGames, finishEndings } from "./background/end-games.js";
import { flushDue } from "./background/flush-round.js";
import { Flusher } from "./background/flusher.js";
import { findUnflushed, recoverActiveGames } from "./background/recover.js";
import { type CallOptions, type Context, createContext, type ManagerOptions, reportUnavailable } from "./context.js";
import { callTooLate, invalidInput } from "./errors.js";
import { readReplayStates } from "./load/decode.js";
import type { GameStateManager } from "./manager.js";
import { createGame } from "./operations/create.js";
import { deleteFromCache, deleteFromDb, deleteGame } from "./operations/delete.js";
import { archiveToHistory, endGame } from "./operations/end.js";
import {
  getInitialState,
  getLog,
  getPlayerActiveGames,
  getPlayerHistory,
  getReplay,
  listGames,
} from "./operations/history.js";
import { persistInTransaction, updateInTransaction } from "./operations/in-transaction.js";
import { loadFromCache, loadFromDb, loadState } from "./operations/load.js";
import { persistToDb, saveToCache } from "./operations/save.js";
import { update, updateMetadata } from "./operations/update.js";
import { unlessLate } from "./util/abort.js";
import * as check from "./validate.js";
import { Watching } from "./watch/watching.js";

/** The calls about one game, which are spans where they are traced: sweeps and lists are no player's action. */
const callsAboutOneGame = [
  ...(["createGame", "loadState", "update", "updateMetadata", "saveToCache", "loadFromCache"] as const),
  ...(["deleteFromCache", "cacheExists", "persistToDb", "loadFromDb", "deleteFromDb", "endGame"] as const),
  ...(["archiveToHistory", "deleteGame", "getReplay", "getReplayStates", "getInitialState", "getLog"] as const),
];

/**
 * A manager over a cache and a store. Nothing happens before `start()`.
 * Each call checks its input, then runs its operation; own writes of one game follow each other.
 * @throws InvalidInput for unknown settings, or values out of their bounds
 */
export function createGameStateManager<State extends object, View, Tx, Entry = JsonValue>(
  options: ManagerOptions<State, View, Tx, Entry>,
): GameStateManager<State, View, Tx, Entry> {
  const ctx = createContext(options);
  const flusher = new Flusher(ctx);
  const watching = new Watching(ctx);
  const deadlines = new Deadlines(ctx);
  /** A call about no game in particular. */
  const plain = <T>(options: CallOptions, operation: () => Promise<T>) =>
    call(ctx, async () => {
      check.checkCall(options);
      return operation();
    });
  /** A call that reads one game. */
  const on = <T>(gameId: string, options: CallOptions, operation: () => Promise<T>) =>
    inTime(ctx, ctx.settings.loadWithinMs, (begin) =>
      call(ctx, async () => {
        check.checkGame(gameId, options);
        return begin("notDone", operation);
      }),
    );
  /** A call that writes one game, which its checks name: own calls for a game follow each other. */
  const inTurn = <T>(options: CallOptions, gameIdOf: () => string, operation: (gameId: string) => Promise<T>) =>
    inTime(ctx, ctx.settings.durableWithinMs, (begin) =>
      call(ctx, async () => {
        const gameId = gameIdOf();
        return ctx.queues.run(gameId, options.signal, () => begin("unknown", () => operation(gameId)));
      }),
    );
  const queued = <T>(gameId: string, options: CallOptions, operation: () => Promise<T>) => {
    const checked = () => {
      check.checkGame(gameId, options);
      return gameId;
    };
    return inTurn(options, checked, operation);
  };
  /** A call that brings a whole state. */
  const stored = <T>(
    state: State,
    options: CallOptions,
    checkOptions: () => void,
    operation: (gameId: string) => Promise<T>,
  ) => {
    const checked = () => {
      check.checkCall(options);
      checkOptions();
      return check.checkState(ctx, state);
    };
    return inTurn(options, checked, operation);
  };

  const manager = Object.freeze<GameStateManager<State, View, Tx, Entry>>({
    events: ctx.events,
    start: () => start(ctx, flusher),
    close: () => close(ctx, flusher, watching),

    createGame: (state, options) =>
      stored(
        state,
        options,
        () => {
          check.checkFacts(ctx, options);
          check.checkWrite(options);
        },
        () => createGame(ctx, state, options),
      ),
    loadState: (gameId, options = {}) => on(gameId, options, () => loadState(ctx, gameId, options)),
    update: (gameId, reducer, options = {}) => {
      const checked = () => {
        check.checkUpdate(gameId, reducer, options);
        return gameId;
      };
      return inTurn(options, checked, () => {
        const operation = options.transaction === undefined ? update : updateInTransaction;
        return operation(ctx, gameId, reducer, options);
      });
    },

    updateMetadata: (gameId, reducer, options = {}) => {
      const checked = () => {
        check.checkUpdate(gameId, reducer, options);
        return gameId;
      };
      return inTurn(options, checked, () => updateMetadata(ctx, gameId, reducer, options));
    },

    saveToCache: (state, options = {}) =>
      stored(
        state,
        options,
        () => check.checkWrite(options),
        (gameId) => saveToCache(ctx, gameId, state, options),
      ),
    loadFromCache: (gameId, options = {}) => on(gameId, options, () => loadFromCache(ctx, gameId, options)),
    deleteFromCache: (gameId, options = {}) => queued(gameId, options, () => deleteFromCache(ctx, gameId, options)),
    cacheExists: (gameId, options = {}) => on(gameId, options, () => ctx.cache.exists(gameId, options)),

    persistToDb: (state, options = {}) =>
      stored(
        state,
        options,
        () => {
          check.checkSomeFacts(ctx, options);
          check.checkWrite(options);
        },
        (gameId) => {
          const operation = options.transaction === undefined ? persistToDb : persistInTransaction;
          return operation(ctx, gameId, state, options);
        },
      ),
    loadFromDb: (gameId, options = {}) => on(gameId, options, () => loadFromDb(ctx, gameId, options)),
    deleteFromDb: (gameId, options = {}) => queued(gameId, options, () => deleteFromDb(ctx, gameId, options)),

    endGame: (gameId, outcome, options = {}) =>
      queued(gameId, options, () => endGame(ctx, gameId, check.checkOutcome(ctx, outcome), options)),
    archiveToHistory: (gameId, options) =>
      queued(gameId, options, async () => {
        check.checkArchive(ctx, gameId, options);
        return archiveToHistory(ctx, gameId, options);
      }),
    deleteGame: (gameId, options = {}) =>
      queued(gameId, options, async () => {
        check.checkFlag(options.history, "history");
        return deleteGame(ctx, gameId, options);
      }),

    recoverActiveGames: (options = {}) => plain(options, () => recoverActiveGames(ctx, options)),
    expireStaleGames: (options = {}) =>
      plain(options, async () => {
        if (options.idleForMs !== undefined) check.checkWhole(options.idleForMs, "idleForMs", 0);
        return expireStaleGames(ctx, options);
      }),
    flushDue: (options = {}) =>
      plain(options, async () => {
        const { written, contained, failed, archived } = await flushDue(ctx, options);
        return { written: written + archived, contained, failed };
      }),
    backlog: (options = {}) => plain(options, () => ctx.backlog.look(options.signal)),
    enforceDeadlines: (onDue, options = {}) =>
      plain(options, async () => {
        if (typeof onDue !== "function") throw invalidInput("onDue: expected a function");
        return deadlines.enforce(onDue, options);
      }),
    serviceTime: () => {
      ctx.lifecycle.assertRunning();
      return ctx.serviceClock.now();
    },
    findUnflushed: (options = {}) => plain(options, () => findUnflushed(ctx, options)),
    finishEndings: (options = {}) => plain(options, () => finishEndings(ctx, options)),

    getActiveGameCount: (options = {}) => plain(options, () => ctx.store.countActive(options)),
    listGames: (filter = {}, page = {}, options = {}) => plain(options, () => listGames(ctx, filter, page, options)),
    getPlayerActiveGames: (playerId, page = {}, options = {}) =>
      plain(options, () => getPlayerActiveGames(ctx, playerId, page, options)),
    getPlayerHistory: (playerId, page = {}, options = {}) =>
      plain(options, () => getPlayerHistory(ctx, playerId, page, options)),
    getReplay: (gameId, viewer: Viewer, options = {}) =>
      on(gameId, options, async () => {
        check.checkViewer(viewer);
        return getReplay(ctx, gameId, viewer, options);
      }),
    getReplayStates: (gameId, options = {}) => on(gameId, options, () => readReplayStates(ctx, gameId, options)),
    getInitialState: (gameId, options = {}) => on(gameId, options, () => getInitialState(ctx, gameId, options)),
    getLog: (gameId, from = 1, options = {}) =>
      on(gameId, options, async () => {
        check.checkWhole(from, "from", 1);
        return getLog(ctx, gameId, from, options);
      }),
    watch: (gameId, options = {}) => {
      ctx.lifecycle.assertRunning();
      check.checkWatch(gameId, options);
      return watching.watch(gameId, options.signal);
    },
  });
  return ctx.tracing?.manager(manager, callsAboutOneGame) ?? manager;
}

/**
 * Runs one public call: refused unless the manager runs, and counted so that `close` waits for it. If it fails since a
 * side is unavailable, an event says so.
 */
function call<T, State extends object>(ctx: Context<State>, work: () => Promise<T>): Promise<T> {
  return ctx.lifecycle.run(async () => {
    try {
      return await work();
    } catch (error) {
      reportUnavailable(ctx, error);
      throw error;
    }
  });
}

/** Begins what a call does, unless its time is up; `fate`: what is known of it from then on. */
type Begin = <T>(fate: WriteFate, work: () => Promise<T>) => Promise<T>;

/**
 * Answers within this time from the call's start, its place in a queue included. What has begun goes on unheard.
 * @throws StoreUnavailable, `busy`, when the time is up: `notDone` if nothing has begun
 */
function inTime<T, State extends object>(
  ctx: Context<State>,
  withinMs: number,
  work: (begin: Begin) => Promise<T>,
): Promise<T> {
  let known: WriteFate = "notDone";
  let isLate = false;
  const begin: Begin = async (fate, operation) => {
    if (isLate) throw callTooLate("notDone");
    known = fate;
    return operation();
  };
  return unlessLate(work(begin), ctx.runtime, withinMs, () => {
    isLate = true;
    const error = callTooLate(known);
    reportUnavailable(ctx, error);
    return error;
  });
}

/**
 * Connects and checks both sides, then starts the flusher. If one side fails, the other is closed again.
 * @throws Misconfigured, CacheUnavailable, StoreUnavailable; NotRunning once it has been closed
 */
async function start<State extends object>(ctx: Context<State>, flusher: Flusher<State>): Promise<void> {
  if (ctx.lifecycle.state !== "idle") {
    throw new TurnkeepError("NotRunning", "a manager is started once", {});
  }
  ctx.lifecycle.become("starting");
  const sides = [ctx.cache, ctx.store];
  const started = await Promise.allSettled(sides.map((side) => side.start()));
  // Both ask the store, so the store has to be there.
  for (const next of [() => belongTogether(ctx), () => ctx.serviceClock.start(), () => reportRules(ctx)]) {
    if (started.every(({ status }) => status === "fulfilled")) started.push(...(await Promise.allSettled([next()])));
  }
  const failures = started.filter((result) => result.status === "rejected");
  // What waiting does not repair comes first, or a program would wait for the other side without end.
  const failed = failures.find(({ reason }) => isTurnkeepError(reason, "Misconfigured")) ?? failures[0];
  if (failed !== undefined) {
    await Promise.allSettled(sides.map((side) => side.close()));
    ctx.lifecycle.become("closed");
    throw failed.reason;
  }
  if (!ctx.cache.detectsFailover) {
    ctx.log.warn({}, "the cache cannot detect a failover, so every write is durable");
  }
  ctx.lifecycle.become("running");
  if (ctx.settings.runFlusher) flusher.start();
}

/** The store keeps this game and no other, and the cache keeps the games of this store alone. @throws Misconfigured */
async function belongTogether<State extends object>({ cache, store, game }: Context<State>): Promise<void> {
  await cache.belongTo(await store.belongTo(game.name));
}

/** Reports games whose rules this process does not play, as after a deploy that dropped them. @throws StoreUnavailable */
async function reportRules<State extends object>({ store, game, events, log }: Context<State>): Promise<void> {
  const unplayed = unplayedGames(game, await store.countByRules());
  if (unplayed.length === 0) return;
  events.emit("rules:unsupported", { unplayed });
  log.error({ unplayed }, "games are kept whose rules this process does not play: it writes none of them");
}

/**
 * Takes no new calls, waits for those under way, ends all watching, flushes what this process wrote, and closes both
 * sides. Safe to call twice, before `start`, and during it.
 */
async function close<State extends object>(
  ctx: Context<State>,
  flusher: Flusher<State>,
  watching: Watching<State>,
): Promise<void> {
  if (ctx.lifecycle.state === "starting") await ctx.lifecycle.past("starting");
  if (ctx.lifecycle.state !== "running") {
    if (ctx.lifecycle.state === "idle") ctx.lifecycle.become("closed");
    return ctx.lifecycle.past("closing");
  }
  ctx.lifecycle.become("closing");
  await watching.close();
  await ctx.lifecycle.quiet();
  await ctx.serviceClock.stop();
  await flusher.stop();
  await flusher.drain();
  const results = await Promise.allSettled([ctx.cache.close(), ctx.store.close()]);
  for (const result of results) {
    if (result.status === "rejected") ctx.log.warn({ err: result.reason }, "a connection did not close cleanly");
  }
  ctx.lifecycle.become("closed");
}
