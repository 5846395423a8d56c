import { createCodec, systemRuntime, TurnkeepError, type Viewer } from "@turnkeep/core";
import type { PageRequest } from "@turnkeep/core/ports";
import { readReplayStates } from "./archive/read-replay.js";
import { finishEndings } from "./background/archive-sealed-games.js";
import { Deadlines } from "./background/deadlines.js";
import { expireStaleGames } from "./background/expire.js";
import { flushDue } from "./background/flush-round.js";
import { Flusher } from "./background/flusher.js";
import { recoverActiveGames } from "./background/recover.js";
import { call } from "./call.js";
import type { Context } from "./context.js";
import { invalidInput } from "./errors.js";
import { archiveToHistory } from "./operations/archive.js";
import { createGame } from "./operations/create.js";
import { deleteFromCache, deleteFromDb, deleteGame } from "./operations/delete.js";
import { endGame } from "./operations/end.js";
import { persistInTransaction, updateInTransaction } from "./operations/in-transaction.js";
import { loadFromCache, loadFromDb, loadState } from "./operations/load.js";
import { persistToDb } from "./operations/persist.js";
import { getLog, getReplay } from "./operations/queries.js";
import { saveToCache } from "./operations/save.js";
import { update } from "./operations/update.js";
import { Backlog } from "./process/backlog.js";
import { Batcher } from "./process/batcher.js";
import { guardStores } from "./process/breaker.js";
import { Emitter } from "./process/emitter.js";
import { Lifecycle } from "./process/lifecycle.js";
import { LoadLimiter } from "./process/load-limiter.js";
import { LocalCopies, TransactionWrites } from "./process/local-copies.js";
import { ServiceClock } from "./process/service-clock.js";
import { UnflushedGames } from "./process/unflushed.js";
import { settingsSchema } from "./settings.js";
import { close, start } from "./start-and-close.js";
import type { GameStateManager, Logger, ManagerOptions } from "./types.js";
import { Queues } from "./util/limiter.js";
import * as check from "./validate.js";
import { Watching } from "./watch/watching.js";

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * A manager over a cache and a store. Nothing happens before `start()`.
 * @throws InvalidInput for unknown settings, or values out of their bounds
 */
export function createGameStateManager<State extends object, View, Tx>(
  options: ManagerOptions<State, View, Tx>,
): GameStateManager<State, View, Tx> {
  const { game, cache, store, logger = silent, runtime = systemRuntime, ...rest } = options;
  const settings = settingsSchema.safeParse(rest);
  if (!settings.success) {
    const issues = settings.error.issues.map(({ path, message }) => `${path.join(".") || "settings"}: ${message}`);
    throw new TurnkeepError("InvalidInput", `invalid settings: ${issues.join("; ")}`, { issues });
  }
  const { localCopyBytes, maxStateBytes } = settings.data;
  const { flushBatchGames, flushBatchBytes, flushesInFlight, flushEveryMs, claimHideMs, loadsAtOnce, loadWithinMs } =
    settings.data;
  const events = new Emitter(logger);
  const sides = guardStores(
    { cache, store },
    {
      settings: settings.data,
      events,
      log: logger,
      runtime,
    },
  );
  const unflushed = new UnflushedGames(runtime, { firstMs: flushEveryMs, longestMs: claimHideMs });
  const ctx: Context<State, View> = {
    game,
    cache: sides.cache,
    store: sides.store,
    storeIsAway: sides.storeIsAway,
    codec: createCodec(game, { maxStateBytes }),
    settings: settings.data,
    runtime,
    log: logger,
    events,
    lifecycle: new Lifecycle(),
    queues: new Queues(),
    loads: new LoadLimiter(runtime, loadsAtOnce, loadWithinMs),
    batcher: new Batcher(runtime, sides.store, {
      games: flushBatchGames,
      bytes: flushBatchBytes,
      inFlight: flushesInFlight,
    }),
    serviceClock: new ServiceClock(runtime, { store: sides.store, settings: settings.data, log: logger }),
    transactions: new TransactionWrites(),
    unflushed,
    backlog: new Backlog(runtime, sides.cache, unflushed, settings.data),
    localCopies: new LocalCopies<State>(localCopyBytes),
  };
  return face(ctx, new Flusher(ctx), new Watching(ctx));
}

/** The public calls: each checks its input, then runs its operation; writes of one game queue. */
function face<State extends object, View, Tx>(
  ctx: Context<State, View>,
  flusher: Flusher<State>,
  watching: Watching<State>,
): GameStateManager<State, View, Tx> {
  const deadlines = new Deadlines(ctx);
  /** A call about one game. */
  const on = <T>(gameId: string, options: { signal?: AbortSignal | undefined }, operation: () => Promise<T>) =>
    call(ctx, async () => {
      check.checkGame(gameId, options);
      return operation();
    });
  /** A call that writes one game: own calls for a game follow each other. */
  const queued = <T>(gameId: string, options: { signal?: AbortSignal | undefined }, operation: () => Promise<T>) =>
    on(gameId, options, () => ctx.queues.run(gameId, options.signal, operation));
  /** A call about no game in particular. */
  const plain = <T>(options: { signal?: AbortSignal | undefined }, operation: () => Promise<T>) =>
    call(ctx, async () => {
      check.checkCall(options);
      return operation();
    });
  /** A call that brings a whole state. */
  const stored = <T>(
    state: State,
    options: { signal?: AbortSignal | undefined },
    checkOptions: () => void,
    operation: (gameId: string) => Promise<T>,
  ) =>
    call(ctx, async () => {
      check.checkCall(options);
      checkOptions();
      const gameId = check.checkState(ctx, state);
      return ctx.queues.run(gameId, options.signal, () => operation(gameId));
    });

  return Object.freeze<GameStateManager<State, View, Tx>>({
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
    update: (gameId, reducer, options = {}) =>
      call(ctx, async () => {
        check.checkUpdate(gameId, reducer, options);
        const operation = options.transaction === undefined ? update : updateInTransaction;
        return ctx.queues.run(gameId, options.signal, () => operation(ctx, gameId, reducer, options));
      }),

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
    deleteGame: (gameId, options = {}) => queued(gameId, options, () => deleteGame(ctx, gameId, options)),

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
    finishEndings: (options = {}) => plain(options, () => finishEndings(ctx, options)),

    getActiveGameCount: (options = {}) => plain(options, () => ctx.store.countActive(options)),
    getPlayerActiveGames: (playerId, page = {}, options = {}) =>
      plain(options, async () => {
        checkList(playerId, page);
        return ctx.store.listActive(playerId, page, options);
      }),
    getPlayerHistory: (playerId, page = {}, options = {}) =>
      plain(options, async () => {
        checkList(playerId, page);
        return ctx.store.listHistory(playerId, page, options);
      }),
    getReplay: (gameId, viewer: Viewer, options = {}) =>
      on(gameId, options, async () => {
        check.checkViewer(viewer);
        return getReplay(ctx, gameId, viewer, options);
      }),
    getReplayStates: (gameId, options = {}) => on(gameId, options, () => readReplayStates(ctx, gameId, options)),
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
}

function checkList(playerId: string, page: PageRequest): void {
  check.checkPlayer(playerId);
  check.checkPage(page);
}
