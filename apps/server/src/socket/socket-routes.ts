import websocket from "@fastify/websocket";
import type { FastifyInstance } from "fastify";
import { closeCodes } from "../protocol/socket-messages.js";
import { Session, type SessionParts } from "./session.js";

export interface SocketOptions {
  readonly socketMessageLimitBytes: number;
  readonly heartbeatEveryMs: number;
}

/** The one path at which sockets are opened. */
export const socketPath = "/ws";

/** The sessions of this server: kept alive by pings, and ended with it. */
export async function addSockets(app: FastifyInstance, options: SocketOptions): Promise<Set<Session>> {
  const sessions = new Set<Session>();
  const heartbeat = setInterval(() => {
    for (const session of sessions) session.beat();
  }, options.heartbeatEveryMs).unref();
  await app.register(websocket, {
    options: { maxPayload: options.socketMessageLimitBytes, perMessageDeflate: false },
    errorHandler: (_error, socket) => socket.terminate(),
    preClose: async () => {
      clearInterval(heartbeat);
      // The server waits until they are gone.
      for (const session of sessions) session.close(closeCodes.goingAway, "the server is going away");
    },
  });
  return sessions;
}

/** Where a socket becomes a session. */
export function addSocketRoute(app: FastifyInstance, sessions: Set<Session>, parts: SessionParts): void {
  app.get(socketPath, { websocket: true }, (socket, request) => {
    const session = new Session(parts, socket, request.id);
    sessions.add(session);
    socket.on("close", () => sessions.delete(session));
  });
}
