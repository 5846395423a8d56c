import { type IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Runtime } from "@turnkeep/core";
import type { FastifyInstance } from "fastify";
import { addressOf } from "../../limits/address.js";
import { Tally } from "../../limits/tally.js";
import type { ServerMetrics } from "../../metrics/server-metrics.js";
import { overloadedProblem } from "../../protocol/problem.js";
import { sendProblem } from "../problems/error-handler.js";

/** Connections beyond the bound that may ask for health, and how long each of them may last. */
const reserved = { connections: 16, forMs: 5_000 };
const retryAfterMs = 2_000;
const reportEveryMs = 60_000;

export interface ConnectionBounds {
  /** Of one address, whose further connections end at once; 0: no limit. */
  readonly perAddress: number;
  /** Of all together; 0: no limit. */
  readonly inAll: number;
}

/**
 * Bounds the connections, whatever is spoken on them. Beyond the bound in all, a few more are answered once each:
 * health as ever, everything else with 503. What comes beyond these, too, ends at once. So a crowd takes neither the
 * last file descriptor nor the answer to a probe.
 */
export function boundConnections(
  app: FastifyInstance,
  { perAddress, inAll }: ConnectionBounds,
  metrics: Pick<ServerMetrics, "countConnections">,
  runtime: Pick<Runtime, "monotonicMs" | "schedule">,
): void {
  const [ofAddresses, ofAll] = [new Tally(perAddress), new Tally(inAll)];
  const ofReserve = new Tally(reserved.connections);
  const open = new Set<Socket>();
  const reserve = new WeakSet<Socket>();
  const refused = metrics.countConnections(open);
  let reportedAt = Number.NEGATIVE_INFINITY;
  const refuse = (bound: "address" | "server") => {
    refused(bound);
    const now = runtime.monotonicMs();
    if (bound === "address" || now - reportedAt < reportEveryMs) return;
    reportedAt = now;
    app.log.warn(
      { maxConnections: inAll },
      "no more connections are taken: let clients reach further servers, or raise MAX_CONNECTIONS and the limit of open files",
    );
  };
  app.server.on("connection", (socket: Socket) => {
    const leaveAddress = ofAddresses.take(addressOf(socket.remoteAddress ?? ""));
    if (leaveAddress === null) {
      socket.destroy();
      return refuse("address");
    }
    open.add(socket);
    socket.once("close", () => {
      open.delete(socket);
      leaveAddress();
    });
    const leave = ofAll.take("");
    if (leave !== null) return void socket.once("close", leave);
    const leaveReserve = ofReserve.take("");
    if (leaveReserve === null) {
      socket.destroy();
      return refuse("server");
    }
    reserve.add(socket);
    const cancel = runtime.schedule(() => socket.destroy(), reserved.forMs, { keepAlive: false });
    socket.once("close", () => {
      cancel();
      leaveReserve();
    });
  });
  app.addHook("onRequest", async (request, reply) => {
    if (!reserve.has(request.raw.socket)) return;
    reply.header("connection", "close");
    if (request.routeOptions.config?.rateLimit === false) return;
    refuse("server");
    return sendProblem(reply, overloadedProblem(retryAfterMs, request.id));
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
