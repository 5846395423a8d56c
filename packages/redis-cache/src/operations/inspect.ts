import type { GameId, Version } from "@turnkeep/core";
import type { CacheCallOptions, CopyFacts, InspectOptions } from "@turnkeep/core/ports";
import { asReply } from "../connection/run-script.js";
import type { Context } from "../context.js";
import type { GameKeys, Keyring } from "../keys.js";
import { dueOf, statusOf, textAt, textsOf } from "./texts.js";

/** Whether a state is there, unverified or not. */
export async function exists(
  { commands, keyring }: Context,
  gameId: GameId,
  options?: CacheCallOptions,
): Promise<boolean> {
  const { state } = keyring.of(gameId);
  return (await commands.call((client) => client.exists(state), options?.signal)) === 1;
}

/** Games in one script: a page of them keeps Redis from play for half a millisecond at a time. */
const gamesInScript = 50;

/** INSPECT: what there is of these games, in one round trip of several scripts; on a Cluster, of one script a slot. */
export async function inspect(
  { flusher, keyring }: Context,
  gameIds: readonly GameId[],
  { states = false, entries = false, signal }: InspectOptions = {},
): Promise<readonly CopyFacts[]> {
  const asked = `${states ? "states" : ""} ${entries ? "entries" : ""}`;
  const replies = await Promise.all(
    partsOf(keyring, gameIds).map(({ index, deployment, games }) => {
      const copies = games.flatMap(({ keys }) => [keys.state, keys.header, keys.tail]);
      const args = [asked, ...games.map(({ gameId }) => gameId)];
      return flusher.run("inspect", [index, ...copies, deployment], args, signal, "bulk");
    }),
  );
  return replies.flatMap((reply) => reply.slice(1).map((facts) => toCopyFacts(facts, states, entries)));
}

/** UNLIKE: which of these games have no copy that is as the store says, in as many scripts. */
export async function unlike(
  { flusher, keyring }: Context,
  digests: ReadonlyMap<GameId, string>,
  options?: CacheCallOptions,
): Promise<readonly GameId[]> {
  const replies = await Promise.all(
    partsOf(keyring, [...digests.keys()]).map(({ index, deployment, games }) => {
      const copies = games.flatMap(({ keys }) => [keys.state, keys.header]);
      const lines = games.map(({ gameId }) => digests.get(gameId)).join("\n");
      return flusher.run("unlike", [index, ...copies, deployment], [lines], options?.signal, "bulk");
    }),
  );
  return replies.flatMap(textsOf);
}

interface Part extends Pick<GameKeys, "index" | "deployment"> {
  readonly games: { readonly gameId: GameId; readonly keys: GameKeys }[];
}

/** Games in parts of one script each, whose keys share an index. */
function partsOf(keyring: Keyring, gameIds: readonly GameId[]): readonly Part[] {
  const parts: Part[] = [];
  const open = new Map<string, Part>();
  for (const gameId of gameIds) {
    const keys = keyring.of(gameId);
    const { index, deployment } = keys;
    let part = open.get(index);
    if (part === undefined || part.games.length === gamesInScript) {
      part = { index, deployment, games: [] };
      open.set(index, part);
      parts.push(part);
    }
    part.games.push({ gameId, keys });
  }
  return parts;
}

function toCopyFacts(value: unknown, states: boolean, entries: boolean): CopyFacts {
  const reply = asReply(value);
  const number = (place: number) => Number(textAt(reply, place));
  const ttl = number(2);
  return {
    gameId: textAt(reply, 0),
    served: number(1) === 1,
    dirty: ttl === -1,
    expiresInMs: ttl === -1 ? null : ttl,
    flushAt: textAt(reply, 3) === "" ? null : number(3),
    tailEntries: number(4),
    stateBytes: number(5),
    version: `${textAt(reply, 6)}.${textAt(reply, 7)}` as Version,
    fence: textAt(reply, 8),
    base: (textAt(reply, 9) || "0.0") as Version,
    status: statusOf(textAt(reply, 10)),
    schemaVersion: number(11),
    turnNumber: number(12),
    logCount: number(13),
    lastActionAt: number(14),
    dueAt: dueOf(textAt(reply, 15)),
    state: states ? textAt(reply, 16) : null,
    entries: entries ? textsOf(reply[17]) : null,
  };
}
