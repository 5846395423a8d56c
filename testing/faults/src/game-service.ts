import type { Sight } from "./journal.js";
import type { Ask } from "./ledger-game.js";

/** One server as its clients see it. Calls fail with what the system throws. */
export interface GameService {
  create(gameId: string, writeId: string): Promise<void>;
  /** The level that was reached. */
  write(gameId: string, writeId: string, ask: Ask): Promise<"writeBehind" | "durable">;
  read(gameId: string): Promise<Sight | null>;
  end(gameId: string): Promise<void>;
  /** False if there was nothing to delete. */
  remove(gameId: string): Promise<boolean>;
  recover(): Promise<void>;
  /** What a daemon does in one round. */
  sweep(): Promise<void>;
  /** What this server takes for the time, in ms since the epoch. */
  now(): Promise<number>;
  close(): Promise<void>;
}

/** Where one server finds its stores: mostly through proxies of its own. */
export interface Endpoints {
  readonly redisUrl: string;
  readonly databaseUrl: string;
}

/** A copy of a game as it lies in a store. */
export interface StoredCopy {
  readonly version: string;
  readonly writes: readonly string[];
}

/** All that is left of one game once everything is quiet. */
export interface FinalGame {
  readonly gameId: string;
  /** The row: its status, and its state where it has one. */
  readonly row: { readonly status: string; readonly copy: StoredCopy | null } | null;
  /** Entries of the stored log, in order; `seq` as stored. `null` where the system keeps none. */
  readonly log: readonly { readonly seq: number; readonly writeId: string }[] | null;
  readonly cache: (StoredCopy & { readonly status: string; readonly dirty: boolean }) | null;
  /** One for each row of history. */
  readonly histories: readonly { readonly writes: readonly string[]; readonly log: readonly string[] | null }[];
}

/** What is put under fire: Turnkeep, or the naive design that the judge has to catch. */
export interface System {
  readonly name: string;
  prepare(): Promise<void>;
  open(
    endpoints: Endpoints,
    options?: { asProcess?: boolean; env?: Readonly<Record<string, string>> },
  ): Promise<GameService>;
  /** How many games wait for the store. */
  backlog(): Promise<number>;
  inspect(gameIds: readonly string[]): Promise<FinalGame[]>;
  close(): Promise<void>;
}
