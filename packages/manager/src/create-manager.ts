import { createCodec, TurnkeepError, type Viewer } from "@turnkeep/game-state/core";
import type { PageRequest } from "@turnkeep/game-state/ports";
import { call } from "./calls/call.js";
import { Emitter } from "./calls/emitter.js";
import { invalidInput } from "./calls/failures.js";
import * as check from "./calls/inputs.js";
import { Lifecycle } from "./calls/lifecycle.js";
import { TransactionWrites } from "./calls/transaction-writes.js";
import type { Context } from "./context.js";
import { Deadlines } from "./deadlines/deadlines.js";
import { ServiceClock } from "./deadlines/service-clock.js";
import { HotGames } from "./loading/hot-games.js";
import { GameQueues } from "./pacing/game-queues.js";
import { guardSides } from "./pacing/guard-sides.js";
import { LoadGate } from "./pacing/load-gate.js";
import { settingsSchema } from "./settings.js";
import { close, start } from "./start-and-close.js";
import { withSteps } from "./steps.js";
import { expireStaleGames } from "./sweeps/expire.js";
import { finishEndings } from "./sweeps/finish-endings.js";
import { recoverActiveGames } from "./sweeps/recover.js";
import type { GameStateManager, Logger, ManagerOptions } from "./types.js";
import { archiveToHistory } from "./verbs/archive.js";
import { createGame } from "./verbs/create-game.js";
import { deleteFromCache, deleteFromDb, deleteGame } from "./verbs/delete.js";
import { endGame } from "./verbs/end-game.js";
import { persistInTransaction, updateInTransaction } from "./verbs/in-transaction.js";
import { loadFromCache, loadFromDb, loadState } from "./verbs/load-verbs.js";
import { persistToDb } from "./verbs/persist.js";
import { getLog, getReplay } from "./verbs/queries.js";
import { readReplayStates } from "./verbs/replay-states.js";
import { saveToCache } from "./verbs/save-to-cache.js";
import { update } from "./verbs/update.js";
import { Watching } from "./watching/watch.js";
import { Backlog } from "./write-behind/backlog.js";
import { FlushBatcher } from "./write-behind/flush-batcher.js";
import { flushDue } from "./write-behind/flush-due.js";
import { Flusher } from "./write-behind/flusher.js";
import { UnflushedGames } from "./write-behind/unflushed-games.js";

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * A manager over a cache and a store. Nothing happens before `start()`.
 * @throws InvalidInput for unknown settings, or values out of their bounds
 */
export function createGameStateManager<State extends object, View, Tx>(
  options: ManagerOptions<State, View, Tx>,
): GameStateManager<State, View, Tx> {
  const { game, cache, store, logger = silent, onStep, ...rest } = options;
  const settings = settingsSchema.safeParse(rest);
  if (!settings.success) {
    const issues = settings.error.issues.map(({ path, message }) => `${path.join(".") || "settings"}: ${message}`);
    throw new TurnkeepError("InvalidInput", `invalid settings: ${issues.join("; ")}`, { issues });
  }
  const { hotGameBytes, maxStateBytes } = settings.data;
  const { flushBatchGames, flushBatchBytes, flushesInFlight, flushEveryMs, claimHideMs, loadsAtOnce, loadWithinMs } =
    settings.data;
  const events = new Emitter(logger);
  const sides = guardSides(withSteps({ cache, store }, onStep), settings.data, events, logger);
  const unflushed = new UnflushedGames({ firstMs: flushEveryMs, mostMs: claimHideMs });
  const ctx: Context<State, View> = {
    game,
    cache: sides.cache,
    store: sides.store,
    storeIsAway: sides.storeIsAway,
    codec: createCodec(game, { maxStateBytes }),
    settings: settings.data,
    log: logger,
    events,
    lifecycle: new Lifecycle(),
    queues: new GameQueues(),
    loads: new LoadGate(loadsAtOnce, loadWithinMs),
    batcher: new FlushBatcher(sides.store, {
      games: flushBatchGames,
      bytes: flushBatchBytes,
      inFlight: flushesInFlight,
    }),
    serviceClock: new ServiceClock({ store: sides.store, settings: settings.data, log: logger }),
    transactions: new TransactionWrites(),
    unflushed,
    backlog: new Backlog(sides.cache, unflushed, settings.data),
    hot: new HotGames<State>(hotGameBytes),
  };
  return face(ctx, new Flusher(ctx), new Watching(ctx));
}

/** The public calls: each checks its input, then runs its verb; writes of one game queue. */
function face<State extends object, View, Tx>(
  ctx: Context<State, View>,
  flusher: Flusher<State>,
  watching: Watching<State>,
): GameStateManager<State, View, Tx> {
  const deadlines = new Deadlines(ctx);
  /** A call about one game. */
  const on = <T>(gameId: string, options: { signal?: AbortSignal | undefined }, verb: () => Promise<T>) =>
    call(ctx, async () => {
      check.checkGame(gameId, options);
      return verb();
    });
  /** A call that writes one game: own calls for a game follow each other. */
  const queued = <T>(gameId: string, options: { signal?: AbortSignal | undefined }, verb: () => Promise<T>) =>
    on(gameId, options, () => ctx.queues.run(gameId, options.signal, verb));
  /** A call about no game in particular. */
  const plain = <T>(options: { signal?: AbortSignal | undefined }, verb: () => Promise<T>) =>
    call(ctx, async () => {
      check.checkCall(options);
      return verb();
    });
  /** A call that brings a whole state. */
  const stored = <T>(
    state: State,
    options: { signal?: AbortSignal | undefined },
    checkOptions: () => void,
    verb: (gameId: string) => Promise<T>,
  ) =>
    call(ctx, async () => {
      check.checkCall(options);
      checkOptions();
      const gameId = check.checkState(ctx, state);
      return ctx.queues.run(gameId, options.signal, () => verb(gameId));
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
          check.checkFacts(options);
          check.checkWrite(options);
        },
        () => createGame(ctx, state, options),
      ),
    loadState: (gameId, options = {}) => on(gameId, options, () => loadState(ctx, gameId, options)),
    update: (gameId, reducer, options = {}) =>
      call(ctx, async () => {
        check.checkUpdate(gameId, reducer, options);
        const verb = options.transaction === undefined ? update : updateInTransaction;
        return ctx.queues.run(gameId, options.signal, () => verb(ctx, gameId, reducer, options));
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
          check.checkSomeFacts(options);
          check.checkWrite(options);
        },
        (gameId) => {
          const verb = options.transaction === undefined ? persistToDb : persistInTransaction;
          return verb(ctx, gameId, state, options);
        },
      ),
    loadFromDb: (gameId, options = {}) => on(gameId, options, () => loadFromDb(ctx, gameId, options)),
    deleteFromDb: (gameId, options = {}) => queued(gameId, options, () => deleteFromDb(ctx, gameId, options)),

    endGame: (gameId, outcome, options = {}) =>
      queued(gameId, options, () => endGame(ctx, gameId, check.checkOutcome(outcome), options)),
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
