import type { GameId } from "@turnkeep/core";
import { TurnkeepError } from "@turnkeep/core";
import type { Connection } from "./connection.js";
import type { Keyring } from "./keys.js";
import { isCluster } from "./open-client.js";
import type { RedisClient, SingleClient } from "./options.js";

export interface ScanPage {
  readonly gameIds: readonly GameId[];
  readonly next: string | null;
}

/** One step of SCAN; on a Cluster the masters come one after the other. A page may be empty before the end. */
export function scanGames(
  connection: Connection,
  keyring: Keyring,
  request: { cursor: string | null; limit: number },
  signal?: AbortSignal,
): Promise<ScanPage> {
  return connection.call(async (client) => {
    const { node, name, cursor, following } = placeOf(client, request.cursor);
    if (node === undefined) return { gameIds: [], next: null };
    const [next, keys] = await node.scan(cursor, "MATCH", keyring.statePattern, "COUNT", request.limit);
    const gameIds = keys.map((key) => keyring.gameIdOf(key)).filter((id) => id !== null);
    return { gameIds, next: next === "0" ? following : `${next}@${name}` };
  }, signal);
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
  const nodes = nodesOf(client);
  const index = nodes.findIndex(({ name }) => name >= wanted);
  const place = nodes[index];
  const after = nodes[index + 1];
  return {
    node: place?.node,
    name: place?.name ?? "",
    cursor: place?.name === wanted ? cursor : "0",
    following: place === undefined || after === undefined ? null : `0@${after.name}`,
  };
}

function nodesOf(client: RedisClient): readonly { readonly name: string; readonly node: SingleClient }[] {
  if (!isCluster(client)) return [{ name: "", node: client }];
  return client
    .nodes("master")
    .map((node) => ({ name: `${node.options.host}:${node.options.port}`, node }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
