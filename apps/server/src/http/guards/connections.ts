import { type IncomingMessage, type Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { FastifyInstance } from "fastify";
import { addressOf } from "../../limits/address.js";
import { Tally } from "../../limits/tally.js";

/** Ends at once what an address opens beyond so many connections; 0: no limit. */
export function boundConnections(server: Server, perAddress: number): void {
  const ofAddresses = new Tally(perAddress);
  server.on("connection", (socket: Socket) => {
    const leave = ofAddresses.take(addressOf(socket.remoteAddress ?? ""));
    if (leave === null) socket.destroy();
    else socket.once("close", leave);
  });
}

/**
 * Answers what asks to upgrade to anything but a WebSocket, such as `h2c`, as if it had not asked; a server may ignore
 * the request. What has a body is left to the usual refusal, since Node reads none of it.
 */
export function ignoreOtherUpgrades({ server }: FastifyInstance): void {
  const emit = server.emit.bind(server);
  server.emit = (event: string, ...args: unknown[]) => {
    if (event !== "upgrade") return emit(event, ...args);
    const [request, socket] = args as [IncomingMessage, Socket];
    const isWebSocket = request.headers.upgrade?.toLowerCase() === "websocket";
    if (isWebSocket || !["GET", "HEAD"].includes(request.method ?? "")) return emit(event, ...args);
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket);
    response.once("finish", () => socket.end());
    return emit("request", request, response);
  };
}
