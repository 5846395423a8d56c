import { isTurnkeepError, type JsonValue, playsRules, TurnkeepError } from "@turnkeep/core";
import {
  type ActiveGame,
  type GameCopy,
  type GameHistoryRecord,
  type GameMetadata,
  maxMetadataBytes,
} from "@turnkeep/core/ports";
import type { Base, Context, StoreOptions } from "../context.js";
import { gameOrphaned, gameQuarantined, isUnreadable, ofGame, statusError, unsupportedRules } from "../errors.js";
import { quarantineRefused } from "../flush/apply-outcome.js";
import { quarantine } from "../flush/evict.js";
import type { LocalCopy } from "../process/local-copies.js";

/*
 * A document that this process cannot read is this process's trouble: its schema may be stricter than the writer's, or
 * older. The call fails, and row and copy stay for those that can read them. What is no JSON object can be read by none,
 * and is quarantined.
 */

/**
 * Decodes a row's document, with every check; `null` where the caller should load again: the row moved on meanwhile.
 * @throws InvalidState, UnsupportedSchema, StateTooLarge naming the game; GameQuarantined once it is quarantined
 */
export async function decodeRow<State extends object>(ctx: Context<State>, row: ActiveGame): Promise<State | null> {
  try {
    return readDocument(ctx, row.gameId, () => ctx.codec.decodeState(row.state));
  } catch (error) {
    if (!isNoDocument(error)) throw error;
    if (await quarantine(ctx, row, noDocument, row.state)) throw gameQuarantined(row.gameId, noDocument);
    return null;
  }
}

type ReadableCopy = Pick<GameCopy, "gameId" | "version" | "state">;

/**
 * Decodes a cached copy, which this system wrote; `null` where the caller should read again: the copy was no document,
 * but it was clean, so that the store has the same version, or another one has taken its place.
 * @throws InvalidState, UnsupportedSchema, StateTooLarge naming the game; GameQuarantined once a game is quarantined
 * whose newest version is no document and nowhere else; GameOrphaned
 */
export async function decodeCached<State extends object>(
  ctx: Context<State>,
  copy: ReadableCopy,
): Promise<State | null> {
  try {
    return readDocument(ctx, copy.gameId, () => ctx.codec.decodeTrusted(copy.state));
  } catch (error) {
    if (!isNoDocument(error)) throw error;
    return dropOrQuarantine(ctx, copy);
  }
}

/** @throws UnsupportedRules unless this process plays the rules that the game began under */
export function assertRules<State extends object>(
  { game }: Context<State>,
  gameId: string,
  rulesVersion: number,
): void {
  if (!playsRules(game, rulesVersion)) throw unsupportedRules(gameId, rulesVersion, game);
}

/** Metadata as it is kept. @throws InvalidState, StateTooLarge */
export function encodeMetadata<State extends object>({ codec }: Context<State>, metadata: JsonValue): string {
  const text = codec.encodeEntry(metadata);
  const bytes = Buffer.byteLength(text);
  if (bytes <= maxMetadataBytes) return text;
  const message = `the metadata has ${bytes} bytes, where ${maxMetadataBytes} are allowed`;
  throw new TurnkeepError("StateTooLarge", message, { bytes, maxBytes: maxMetadataBytes });
}

/** Metadata as callers get it, frozen. Text that is no JSON, as by a write of others, is `null`: no game fails for it. */
export function readMetadata<State extends object>(
  { codec }: Context<State>,
  { metadata: text, metadataVersion }: GameMetadata,
): { readonly metadata: JsonValue | null; readonly metadataVersion: string } {
  let metadata: JsonValue | null = null;
  try {
    if (text !== null) metadata = codec.decodeEntry(text);
  } catch (error) {
    if (!isNoDocument(error)) throw error;
  }
  return { metadata, metadataVersion };
}

/** A row or a cached copy as this process holds it, with its state as it was decoded. */
export function toLocalCopy<State extends object>(
  ctx: Context<State>,
  state: State,
  kept: Pick<ActiveGame, "version" | "status" | "rulesVersion"> & GameMetadata,
): LocalCopy<State> {
  const { version, status, rulesVersion } = kept;
  const { metadata, metadataVersion } = readMetadata(ctx, kept);
  return { state, version, status, rulesVersion, metadata, metadataVersion };
}

/**
 * What decoding gives. If that fails, it is reported, and the error names the game.
 * @throws InvalidState, UnsupportedSchema, StateTooLarge
 */
export function readDocument<State extends object>(ctx: Context<State>, gameId: string, decode: () => State): State {
  try {
    const state = decode();
    if (ctx.game.idOf(state) === gameId) return state;
    throw new TurnkeepError("InvalidState", "it does not carry its game's id", { reason: "schema", path: "$" });
  } catch (cause) {
    const error = ofGame(gameId, cause);
    if (isUnreadable(error) && !isNoDocument(error)) ctx.unreadable.report(gameId, error);
    throw error;
  }
}

const noDocument = "the document is not a JSON object";

function isNoDocument(error: unknown): boolean {
  return isTurnkeepError(error, "InvalidState") && error.details.reason === "json";
}

async function dropOrQuarantine(base: Base, { gameId, version }: ReadableCopy): Promise<null> {
  base.localCopies.drop(gameId);
  if ((await base.cache.evict(gameId, version)) !== "newer") {
    base.log.warn({ gameId }, "an unreadable cached copy was dropped; the store has it");
    return null;
  }
  const copy = await base.cache.claimGame(gameId);
  if (copy?.version !== version) return null;
  const applied = await quarantineRefused(base, copy, noDocument);
  if (applied === "quarantined") throw gameQuarantined(gameId, noDocument);
  if (applied === "orphan") throw gameOrphaned(gameId);
  if (applied !== "again") throw statusError(gameId, applied);
  return null;
}

/** A finished game's replay as it is; states that history does not have are `null`. */
export interface ReplayStates<State, Entry = JsonValue> {
  readonly record: GameHistoryRecord;
  readonly initialState: State | null;
  readonly finalState: State | null;
  /** As it was written: entries of an older release may be of another type. */
  readonly log: readonly Entry[];
  readonly rules: JsonValue;
  /** As it was at the end; `null` if there was none. */
  readonly metadata: JsonValue | null;
}

/** Reads and decodes a finished game's replay, with every check; `null` if history has none. */
export async function readReplayStates<State extends object, Entry>(
  ctx: Context<State, unknown, Entry>,
  gameId: string,
  { signal, transaction }: StoreOptions<unknown>,
): Promise<ReplayStates<State, Entry> | null> {
  const stored = await ctx.store.readReplay(gameId, { signal, transaction });
  if (stored === null) return null;
  const replay = parseReplay(stored.replay);
  const decode = (state: unknown) =>
    state === null || state === undefined
      ? null
      : readDocument(ctx, gameId, () => ctx.codec.decodeState(JSON.stringify(state)));
  return {
    record: stored.record,
    initialState: decode(replay.initialState),
    finalState: decode(replay.finalState),
    log: Array.isArray(replay.log) ? (replay.log as Entry[]) : [],
    rules: (replay.rules ?? {}) as JsonValue,
    metadata: readMetadata(ctx, { metadata: stored.metadata, metadataVersion: "0" }).metadata,
  };
}

/** @throws InvalidState if it is no JSON object */
export function parseReplay(text: string): Record<string, unknown> {
  try {
    const replay: unknown = JSON.parse(text);
    if (typeof replay === "object" && replay !== null) return replay as Record<string, unknown>;
  } catch {
    // The parser's own message quotes the text, and with it the state.
  }
  throw new TurnkeepError("InvalidState", "a stored replay is not a JSON object", { reason: "json", path: "$" });
}
