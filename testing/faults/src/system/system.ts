import type { BadDeploy } from "./bad-deploys.js";

/** How a write is made. `turn` ends the turn, which makes it durable. */
export type WriteKind = "writeBehind" | "durable" | "turn";

/** What a reader saw of a game. */
export interface Observation {
  readonly version: string;
  readonly status: "live" | "ended";
  readonly writes: readonly string[];
  /** The cache could not be asked: something newer may exist, and the reply says so. */
  readonly stale: boolean;
}

/** One server as its clients see it. Calls fail with what the system throws. */
export interface GameService {
  create(gameId: string, writeId: string): Promise<void>;
  /** Returns the level that was reached. @param bytes how large the state is from now on, at least */
  write(gameId: string, writeId: string, kind: WriteKind, bytes?: number): Promise<"writeBehind" | "durable">;
  /** `null` if there is no game. */
  read(gameId: string): Promise<Observation | null>;
  /** The writes that its log has, `null` if it says that entries are missing. */
  log(gameId: string): Promise<readonly string[] | null>;
  end(gameId: string): Promise<void>;
  /** False if there was nothing to delete. */
  remove(gameId: string): Promise<boolean>;
  recover(): Promise<void>;
  /** What a daemon does in one round. */
  sweep(): Promise<void>;
  /** This server's wall clock, in ms since the epoch. */
  now(): Promise<number>;
  close(): Promise<void>;
}

/** A server in a process of its own, which can be killed and stopped like one. */
export interface Worker extends GameService {
  readonly pid: number;
  kill(): Promise<void>;
}

/** Where one server finds its stores: mostly through proxies of its own. */
export interface Endpoints {
  readonly redisUrl: string;
  readonly databaseUrl: string;
}

/** The names under which one run's data lies. */
export interface Names {
  readonly keyPrefix: string;
  readonly schema: string;
}

/** A copy of a game as a store holds it. */
export interface StoredCopy {
  readonly version: string;
  readonly writes: readonly string[];
}

/** A row of history. */
export interface StoredHistory {
  readonly writes: readonly string[];
  /** `null` if the system keeps no log. */
  readonly log: readonly string[] | null;
  /** It says itself that its log lacks entries. */
  readonly incomplete: boolean;
}

/** All that is left of one game at the end of a run. */
export interface FinalGame {
  readonly gameId: string;
  /** The row: its status, and its state if it has one. */
  readonly row: { readonly status: string; readonly copy: StoredCopy | null } | null;
  /** Entries of the stored log, in order; `seq` as stored. `null` if the system keeps no log. */
  readonly log: readonly { readonly seq: number; readonly writeId: string }[] | null;
  readonly cache: (StoredCopy & { readonly status: string; readonly dirty: boolean }) | null;
  /** One for each row of history. */
  readonly histories: readonly StoredHistory[];
}

/** What is tested: Turnkeep, or the naive design that the checker has to catch. */
export interface System {
  prepare(): Promise<void>;
  /** @param deploy what the server knows of the game, if that is wrong; the naive design knows no difference */
  open(endpoints: Endpoints, deploy?: BadDeploy): Promise<GameService>;
  /** Missing if servers run in this process only. @param env added to what the process inherits */
  readonly openProcess?: (endpoints: Endpoints, env?: Readonly<Record<string, string>>) => Promise<Worker>;
  /**
   * A server of another deployment: its store is a copy of this one as it is now, and its Redis and key prefix are the
   * same. @throws what keeps it from starting
   */
  openCopy(endpoints: Endpoints): Promise<GameService>;
  /** How many games wait for the store. */
  backlog(): Promise<number>;
  /** Reads what the stores hold, without the system's own code. */
  inspect(gameIds: readonly string[]): Promise<FinalGame[]>;
  close(): Promise<void>;
}
