import websocket from "@fastify/websocket";
import { closeCodes } from "@turnkeep/api/schemas";
import type { Runtime } from "@turnkeep/core";
import { repeat } from "@turnkeep/service-kit";
import type { FastifyInstance } from "fastify";
import { addressOf } from "../limits/address.js";
import { Tally } from "../limits/tally.js";
import { rateLimited } from "../protocol/http-error.js";
import { Session } from "./session.js";
import type { SessionLimits, SessionParts } from "./session-socket.js";

export interface SocketOptions {
  readonly socketMessageLimitBytes: number;
  readonly heartbeatEveryMs: number;
}

/** The one path at which sockets are opened. */
export const socketPath = "/ws";

/** The sessions of this server: kept alive by pings, and ended with it. */
export async function addSockets(
  app: FastifyInstance,
  options: SocketOptions,
  runtime: Runtime,
): Promise<Set<Session>> {
  const sessions = new Set<Session>();
  const stopHeartbeat = repeat(runtime, options.heartbeatEveryMs, () => {
    for (const session of sessions) session.beat();
  });
  await app.register(websocket, {
    options: { maxPayload: options.socketMessageLimitBytes, perMessageDeflate: false },
    errorHandler: (_error, socket) => socket.terminate(),
    preClose: async () => {
      stopHeartbeat();
      // The server waits until they are gone.
      for (const session of sessions) session.close(closeCodes.goingAway, "the server is going away");
    },
  });
  return sessions;
}

export interface SocketRouteParts extends Omit<SessionParts, "ofPlayers"> {
  readonly limits: SessionLimits & { readonly socketsPerPlayer: number; readonly socketsPerAddress: number };
}

/** Where a socket becomes a session. One too many of its address is refused before the upgrade. */
export function addSocketRoute(app: FastifyInstance, sessions: Set<Session>, parts: SocketRouteParts): void {
  const ofPlayers = new Tally(parts.limits.socketsPerPlayer);
  const ofAddresses = new Tally(parts.limits.socketsPerAddress);
  const refuseCrowds = async ({ ip }: { ip: string }) => {
    if (ofAddresses.isFull(addressOf(ip))) throw rateLimited(1_000);
  };
  app.get(socketPath, { websocket: true, onRequest: refuseCrowds }, (socket, request) => {
    const leave = ofAddresses.take(addressOf(request.ip));
    // Others were let in while this one shook hands.
    if (leave === null) return socket.close(closeCodes.policy, "too many sockets of this address");
    const session = new Session({ ...parts, ofPlayers }, socket, request);
    sessions.add(session);
    socket.on("close", () => {
      sessions.delete(session);
      leave();
    });
  });
}
