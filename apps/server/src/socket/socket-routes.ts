import websocket from "@fastify/websocket";
import type { FastifyInstance } from "fastify";
import { closeCodes } from "../protocol/socket-messages.js";
import { Session, type SessionParts } from "./session.js";

export interface SocketOptions extends SessionParts {
  readonly maxMessageBytes: number;
  readonly heartbeatEveryMs: number;
}

/** `/ws`: sessions, their heartbeat, and their end with the server's. */
export async function addSockets(app: FastifyInstance, options: SocketOptions): Promise<void> {
  const sessions = new Set<Session>();
  await app.register(websocket, {
    options: { maxPayload: options.maxMessageBytes, perMessageDeflate: false },
    errorHandler: (_error, socket) => socket.terminate(),
    // Sessions end the sockets; the server waits for them.
    preClose: async () => {
      clearInterval(heartbeat);
      for (const session of sessions) session.close(closeCodes.goingAway, "the server is going away");
    },
  });

  const heartbeat = setInterval(() => {
    for (const session of sessions) session.beat();
  }, options.heartbeatEveryMs);

  app.get("/ws", { websocket: true }, (socket, request) => {
    const session = new Session(options, socket, request.id);
    sessions.add(session);
    socket.on("close", () => sessions.delete(session));
  });
}
