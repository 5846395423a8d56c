import {
  assertGameId,
  assertWriteId,
  gameTypeSchemaOf,
  type Outcome,
  outcomeSchemaOf,
  parseVersion,
  playerIdSchema,
  playerIdsSchema,
  TurnkeepError,
  type Viewer,
  wordSchema,
} from "@turnkeep/core";
import type { GameFilter, PageRequest } from "@turnkeep/core/ports";
import * as z from "zod";
import type { CallOptions, Context } from "./context.js";
import { invalidInput } from "./errors.js";
import { throwIfAborted } from "./util/abort.js";

/*
 * The checks at the boundary: every public call runs its arguments through these before anything else. Those of the
 * frequent calls are plain comparisons; the rest are schemas. An issue names the field, never its value.
 */

/** @throws InvalidInput unless it is an options object with a sound signal; Aborted if that has fired */
export function checkCall(options: CallOptions): void {
  if (typeof options !== "object" || options === null) throw invalidInput("options: expected an object");
  const { signal } = options;
  if (signal === undefined) return;
  if (!(signal instanceof AbortSignal)) throw invalidInput("signal: expected an AbortSignal");
  throwIfAborted(signal);
}

/** @throws InvalidGameId, InvalidInput, Aborted */
export function checkGame(gameId: unknown, options: CallOptions): string {
  const id = assertGameId(gameId);
  checkCall(options);
  return id;
}

/** Checks what names a write and the version under it. @throws InvalidInput */
export function checkWrite(options: { writeId?: unknown; version?: unknown; expectedVersion?: unknown }): void {
  if (options.writeId !== undefined) assertWriteId(options.writeId);
  if (options.version !== undefined) parseVersion(options.version);
  if (options.expectedVersion !== undefined) parseVersion(options.expectedVersion);
}

/** @throws InvalidGameId, InvalidInput, Aborted */
export function checkUpdate(
  gameId: unknown,
  reducer: unknown,
  options: CallOptions & { durability?: unknown; writeId?: unknown; expectedVersion?: unknown },
): void {
  checkGame(gameId, options);
  if (typeof reducer !== "function") throw invalidInput("reducer: expected a function");
  const { durability } = options;
  if (durability !== undefined && durability !== "writeBehind" && durability !== "durable") {
    throw invalidInput("durability: expected writeBehind or durable");
  }
  checkWrite(options);
}

/**
 * Checks a state that comes from a caller, freezes it, and returns its id.
 * @throws InvalidState, UnsupportedSchema, InvalidGameId
 */
export function checkState<State extends object>(ctx: Context<State>, state: State): string {
  ctx.codec.validate(state);
  return assertGameId(ctx.game.idOf(state));
}

const makeFactsSchema = (game: Parameters<typeof gameTypeSchemaOf>[0]) =>
  z.object({
    gameType: gameTypeSchemaOf(game),
    playerIds: playerIdsSchema.optional(),
    npcId: playerIdSchema.nullish(),
  });

/** Made once a game: a schema costs more to make than to ask. */
const factsSchemas = new WeakMap<object, ReturnType<typeof makeFactsSchema>>();

function factsSchemaOf<State extends object>({ game }: Context<State>) {
  const schema = factsSchemas.get(game) ?? makeFactsSchema(game);
  factsSchemas.set(game, schema);
  return schema;
}

/** @throws InvalidInput */
export function checkFacts<State extends object>(ctx: Context<State>, facts: unknown): void {
  check(factsSchemaOf(ctx), facts);
}

/** @throws InvalidInput */
export function checkSomeFacts<State extends object>(ctx: Context<State>, facts: unknown): void {
  check(factsSchemaOf(ctx).partial(), facts);
}

/** @param state if it is given, the outcome names none but its players @throws InvalidInput */
export function checkOutcome<State extends object>({ game }: Context<State>, outcome: unknown, state?: State): Outcome {
  return check(outcomeSchemaOf(game, state && game.playersOf(state)), outcome, "outcome");
}

const replayDataSchema = z
  .record(z.string(), z.unknown())
  .refine((data) => !["initialState", "log", "rules", "finalState"].some((name) => Object.hasOwn(data, name)))
  .optional();

/** @throws InvalidInput, InvalidState */
export function checkArchive<State extends object>(
  ctx: Context<State>,
  gameId: string,
  {
    outcome,
    replayData,
    state,
  }: { readonly outcome: unknown; readonly replayData?: unknown; readonly state?: State | undefined },
): void {
  checkOutcome(ctx, outcome, state);
  check(replayDataSchema, replayData, "replayData");
  if (state !== undefined && checkState(ctx, state) !== gameId) throw invalidInput("state: it is of another game");
}

/** A watch whose signal has fired already ends at once, so that is no error. @throws InvalidGameId, InvalidInput */
export function checkWatch(gameId: unknown, { signal }: CallOptions): void {
  assertGameId(gameId);
  if (signal !== undefined && !(signal instanceof AbortSignal)) throw invalidInput("signal: expected an AbortSignal");
}

const filterSchema = z.strictObject({
  gameType: wordSchema.optional(),
  statuses: z.array(z.enum(["live", "ended", "archived", "quarantined"])).optional(),
  rulesVersion: z.int32().min(1).optional(),
  updatedAfter: z.int().optional(),
  updatedBefore: z.int().optional(),
});

/** @throws InvalidInput */
export function checkFilter(filter: GameFilter): void {
  check(filterSchema, filter, "filter");
}

const pageSchema = z.strictObject({
  limit: z.int().min(1).max(500).optional(),
  after: z.string().max(500).nullish(),
});

/** @throws InvalidInput */
export function checkPage(page: PageRequest): void {
  check(pageSchema, page, "page");
}

/** @throws InvalidInput */
export function checkPlayer(id: unknown): void {
  check(playerIdSchema, id, "playerId");
}

/** @throws InvalidInput */
export function checkViewer(viewer: Viewer): void {
  check(z.union([z.literal("spectator"), z.object({ playerId: playerIdSchema })]), viewer, "viewer");
}

/** @throws InvalidInput */
export function checkWhole(value: unknown, name: string, least: number): void {
  check(z.int().min(least), value, name);
}

/** @throws InvalidInput */
export function checkFlag(value: unknown, name: string): void {
  check(z.boolean().optional(), value, name);
}

function check<T>(schema: z.ZodType<T>, value: unknown, name = ""): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = issuesOf(parsed.error, name);
  throw new TurnkeepError("InvalidInput", `invalid input: ${issues.join("; ")}`, { issues });
}

/** What is wrong, and where. A check of our own says it in words; a schema's other messages may quote the value. */
function issuesOf(error: z.ZodError, name: string): string[] {
  return error.issues.map(({ path, code, message }) => {
    const field = [name, ...path.map(String)].filter(Boolean).join(".");
    return `${field || "input"}: ${code === "custom" ? message : code}`;
  });
}
