import type { Runtime } from "@turnkeep/core";
import type { Logger } from "@turnkeep/manager";
import type { Access } from "../auth/access.js";
import type { GameService } from "../games/game-service.js";
import type { Watcher } from "../games/watch/game-watches.js";
import type { RequestLimits } from "../limits/request-limits.js";
import type { Tally } from "../limits/tally.js";
import type { SendingSocket } from "./outbox.js";

/** The part of a WebSocket that a session needs. */
export interface SessionSocket extends SendingSocket {
  on(event: "message", listener: (data: { toString(): string }) => void): unknown;
  on(event: "pong", listener: (data: { toString(): string }) => void): unknown;
  on(event: "close" | "ping", listener: () => void): unknown;
  close(code: number, reason: string): void;
  ping(data: string): void;
  terminate(): void;
}

export interface SessionLimits {
  readonly authenticateWithinMs: number;
  readonly socketMessagesPerSecond: number;
  readonly socketBufferLimitBytes: number;
  readonly socketWatchedGames: number;
}

export interface SessionParts {
  readonly access: Access;
  readonly service: GameService;
  readonly watches: { watch(gameId: string, watcher: Watcher): () => void };
  readonly limits: SessionLimits;
  /** What a client may ask for over both transports together. */
  readonly requestLimits: Pick<RequestLimits, "count">;
  /** Sockets by player; one too many is refused. */
  readonly ofPlayers: Pick<Tally, "take">;
  readonly log: Logger;
  readonly runtime: Runtime;
  /** Called with the code of each socket that the server closes. */
  readonly closed?: (code: number) => void;
}

/** Where a socket comes from. */
export interface Opened {
  /** Of the request that opened it. */
  readonly id: string;
  readonly ip: string;
}
