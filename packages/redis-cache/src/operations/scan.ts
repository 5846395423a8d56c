import { TurnkeepError } from "@turnkeep/core";
import type { CacheCallOptions, ScanPage, ScanRequest } from "@turnkeep/core/ports";
import { mastersOf, type RedisClient, type SingleClient } from "../connection/client.js";
import type { Context } from "../context.js";

/** One step of SCAN; on a Cluster the masters come one after the other. A page may be empty before the end. */
export function scan(
  { flusher, keyring }: Context,
  request: ScanRequest,
  options?: CacheCallOptions,
): Promise<ScanPage> {
  const step = async (client: RedisClient): Promise<ScanPage> => {
    const { node, name, cursor, following } = placeOf(client, request.cursor);
    if (node === undefined) return { gameIds: [], next: null };
    const [next, keys] = await node.scan(cursor, "MATCH", keyring.patterns.state, "COUNT", request.limit);
    const gameIds = keys.map((key) => keyring.gameIdOf(key)).filter((id) => id !== null);
    return { gameIds, next: next === "0" ? following : `${next}@${name}` };
  };
  return flusher.call(step, options?.signal, "bulk");
}

interface Place {
  readonly node: SingleClient | undefined;
  readonly name: string;
  readonly cursor: string;
  /** Where to go on once this node is done. */
  readonly following: string | null;
}

/** A cursor is `<number>@<node>`; a node that has left the Cluster is passed over. */
function placeOf(client: RedisClient, text: string | null): Place {
  const match = text === null ? ["", "0", ""] : /^(\d+)@(.*)$/.exec(text);
  if (match === null) throw new TurnkeepError("InvalidInput", "this is no cursor of a scan", { issues: ["cursor"] });
  const [, cursor = "0", wanted = ""] = match;
  const masters = mastersOf(client);
  const index = masters.findIndex(({ name }) => name >= wanted);
  const place = masters[index];
  const after = masters[index + 1];
  return {
    node: place?.node,
    name: place?.name ?? "",
    cursor: place?.name === wanted ? cursor : "0",
    following: place === undefined || after === undefined ? null : `0@${after.name}`,
  };
}
