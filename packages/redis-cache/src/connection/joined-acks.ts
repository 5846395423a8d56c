import type { GameKeys } from "../keys.js";
import type { Connection } from "./connection.js";
import type { ScriptArguments } from "./run-script.js";

/** One game that is flushed, as the script takes it. */
export interface FlushedGame {
  readonly keys: GameKeys;
  readonly args: ScriptArguments;
}

interface Joining extends FlushedGame {
  readonly resolve: (reply: string) => void;
  readonly reject: (error: unknown) => void;
}

/** Games that are acknowledged in the same breath share one script, a round trip and its failure; on a Cluster, those of one slot. */
export class JoinedAcks {
  readonly #connection: Pick<Connection, "run">;
  readonly #ttlMs: number;
  readonly #joining = new Map<string, Joining[]>();

  constructor(connection: Pick<Connection, "run">, ttlMs: number) {
    this.#connection = connection;
    this.#ttlMs = ttlMs;
  }

  /** The script's reply for this game. @throws CacheUnavailable, Misconfigured */
  join(game: FlushedGame): Promise<string> {
    return new Promise((resolve, reject) => {
      const { index } = game.keys;
      const joining = this.#joining.get(index) ?? [];
      joining.push({ ...game, resolve, reject });
      if (joining.length > 1) return;
      this.#joining.set(index, joining);
      queueMicrotask(() => {
        this.#joining.delete(index);
        void this.#send(joining);
      });
    });
  }

  async #send(games: readonly Joining[]): Promise<void> {
    const keys = games.flatMap(({ keys: { state, metadata, tail } }) => [state, metadata, tail]);
    const shared = games.slice(0, 1).flatMap(({ keys: { index, deployment } }) => [index, deployment]);
    const args = [...games.flatMap((game) => game.args), this.#ttlMs];
    try {
      const replies = await this.#connection.run("ack", [...keys, ...shared], args);
      for (const [n, { resolve }] of games.entries()) resolve(String(replies[n]));
    } catch (error) {
      for (const { reject } of games) reject(error);
    }
  }
}
