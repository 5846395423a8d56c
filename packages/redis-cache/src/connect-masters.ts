import { mastersOf } from "./connection/client.js";
import { Connection } from "./connection/connection.js";
import { openClient } from "./connection/open-client.js";
import { parseOptions, type RedisCacheOptions } from "./options.js";

/** The masters of a Redis, for a program that looks at the servers themselves. */
export interface ConnectedMasters {
  /** In the order of their names; the only master of a Redis that is no Cluster is called `""`. */
  readonly masters: readonly {
    readonly name: string;
    /** Sends one command. @throws what Redis answers */
    send(command: string, ...args: readonly string[]): Promise<unknown>;
  }[];
  close(): Promise<void>;
}

/**
 * Connects to every master as a cache does, and checks nothing.
 * @throws CacheUnavailable, Misconfigured where Redis refuses the user, InvalidInput for options that are unsound
 */
export async function connectMasters(options: RedisCacheOptions): Promise<ConnectedMasters> {
  const settings = parseOptions(options);
  const connection = new Connection(openClient(settings, "commands"), { deployment: "" }, settings, settings.runtime);
  await connection.open();
  const masters = mastersOf(connection.client).map(({ name, node }) => ({
    name,
    send: (command: string, ...args: readonly string[]) => node.call(command, ...args),
  }));
  return { masters, close: () => connection.close() };
}
