import { fixtures } from "@turnkeep/conformance";
import type { GameId } from "@turnkeep/core";
import type { ActiveGame, Cache, Store } from "@turnkeep/core/ports";
import type { FindingKind } from "../verify/compare.js";

const { above, createdBy, installed, madeBy, newGameId, newGameOf, nextOf, rowIn, sealedOf, writeOf } = fixtures;

/** Both sides, and what a test does to them behind their backs. */
export interface Ground {
  readonly cache: Cache;
  readonly store: Store;
  dropMark(gameId: GameId): Promise<void>;
  mark(gameId: GameId): Promise<void>;
  /** An archived game's tombstone becomes a live row again, with the state `{}`. */
  revive(gameId: GameId): Promise<void>;
}

/** A game that is in the store and, clean, in the cache. */
async function soundGame({ cache, store }: Ground, state = '{"sound":true}') {
  const created = createdBy(await store.create(newGameOf(newGameId(), { state })));
  return install(cache, rowIn(await store.load(created.gameId)));
}

async function install(cache: Cache, row: ActiveGame) {
  const at = await fixtures.install(cache, row);
  return { ...installed(row), at };
}

/** Games of which nothing is wrong: clean, dirty, flushed, ended a moment ago or long since, deleted, quarantined. */
export async function plantSound(ground: Ground): Promise<void> {
  const { cache, store } = ground;
  await soundGame(ground);
  const dirty = await soundGame(ground);
  await cache.write(dirty.gameId, writeOf(dirty.at, { entries: ['"one"'] }));
  const flushed = await soundGame(ground);
  const made = madeBy(await cache.write(flushed.gameId, writeOf(flushed.at, { entries: ['"one"'] })));
  const copy = await fixtures.copyIn(cache, flushed.gameId);
  await store.flush([copy]);
  await cache.ack(flushed.gameId, made, copy.logCount);
  const archived = await soundGame(ground);
  await store.archive({ copy: sealedOf(archived, { entries: ['"end"'] }) });
  await cache.evict(archived.gameId);
  const deleted = await soundGame(ground);
  await store.remove(deleted.gameId);
  await cache.evict(deleted.gameId);
  const quarantined = await soundGame(ground);
  await store.quarantine(rowIn(await store.read(quarantined.gameId)), "unreadable", new Uint8Array([1]));
  await cache.evict(quarantined.gameId);
}

/** One way to break a game for each kind of finding; returns the game. */
export const plants: Readonly<Record<FindingKind, (ground: Ground) => Promise<GameId>>> = {
  async missing(ground) {
    const { gameId } = await soundGame(ground);
    await ground.cache.evict(gameId);
    return gameId;
  },
  async behind(ground) {
    const game = await soundGame(ground);
    await ground.store.flush([nextOf(game)]);
    return game.gameId;
  },
  async forked(ground) {
    const game = await soundGame(ground);
    const other = installed(rowIn(await ground.store.load(game.gameId)));
    await ground.store.flush([nextOf(other)]);
    return game.gameId;
  },
  async ahead({ cache, ...ground }) {
    const game = await soundGame({ cache, ...ground });
    const made = madeBy(await cache.write(game.gameId, writeOf(game.at, { entries: [] })));
    await cache.ack(game.gameId, made, 0);
    return game.gameId;
  },
  async orphaned({ cache }) {
    return (await fixtures.cleanGame(cache)).gameId;
  },
  async zombie(ground) {
    const { gameId } = await soundGame(ground);
    await ground.store.remove(gameId);
    return gameId;
  },
  async unreadable(ground) {
    return (await soundGame(ground, "[1]")).gameId;
  },
  async unindexed(ground) {
    const game = await soundGame(ground);
    await ground.cache.write(game.gameId, writeOf(game.at, { entries: [] }));
    await ground.dropMark(game.gameId);
    return game.gameId;
  },
  async needlesslyIndexed(ground) {
    const { gameId } = await soundGame(ground);
    await ground.mark(gameId);
    return gameId;
  },
  async logOutOfStep({ cache, store }) {
    const { gameId } = createdBy(await store.create(newGameOf(newGameId())));
    const row = rowIn(await store.load(gameId));
    await install(cache, { ...row, logCount: row.logCount + 1 });
    return gameId;
  },
  async logGap(ground) {
    const game = await soundGame(ground);
    await ground.store.flush([nextOf(game, { logCount: game.logCount + 2, entries: ['"second"'] })]);
    await ground.cache.evict(game.gameId);
    await install(ground.cache, rowIn(await ground.store.load(game.gameId)));
    return game.gameId;
  },
  async notArchived(ground) {
    const game = await soundGame(ground);
    await ground.store.flush([sealedOf(game, { entries: ['"end"'] })]);
    await ground.cache.evict(game.gameId);
    await install(ground.cache, rowIn(await ground.store.load(game.gameId)));
    return game.gameId;
  },
  async fenceBehind({ cache, store }) {
    const { gameId } = createdBy(await store.create(newGameOf(newGameId())));
    const row = rowIn(await store.load(gameId));
    await install(cache, { ...row, fence: above(row.fence, 5) });
    return gameId;
  },
  async twiceStored(ground) {
    const game = await soundGame(ground);
    await ground.store.archive({ copy: sealedOf(game, { entries: ['"end"'] }) });
    await ground.cache.evict(game.gameId);
    await ground.revive(game.gameId);
    await install(ground.cache, rowIn(await ground.store.load(game.gameId)));
    return game.gameId;
  },
};
