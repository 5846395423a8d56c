import type { ActAnswer } from "@turnkeep/api/schemas";
import { isTurnkeepError, type Runtime } from "@turnkeep/core";
import { type CountedEvents, countManagerEvents, type PingedStores } from "@turnkeep/service-kit";
import type { FastifyInstance } from "fastify";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Access } from "../auth/access.js";
import type { GameService } from "../games/game-service.js";
import { SlowGames } from "./slow-games.js";

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** What a server reports to Prometheus. No label holds an id, a name or anything of a state. */
export class ServerMetrics {
  readonly register = new Registry();
  /** Beside the metrics, since no label may hold an id. */
  readonly slowGames: SlowGames;
  readonly #requests: Histogram;
  readonly #actions: Histogram;
  readonly #failed: Counter;
  readonly #closes: Counter;
  readonly #runtime: Pick<Runtime, "monotonicMs" | "schedule">;

  constructor(runtime: Pick<Runtime, "monotonicMs" | "schedule">) {
    this.#runtime = runtime;
    this.slowGames = new SlowGames(runtime);
    const registers = [this.register];
    collectDefaultMetrics({ register: this.register });
    this.#requests = new Histogram({
      name: "turnkeep_http_request_duration_seconds",
      help: "HTTP requests, by method, route and status",
      labelNames: ["method", "route", "status"],
      buckets: seconds,
      registers,
    });
    this.#actions = new Histogram({
      name: "turnkeep_action_duration_seconds",
      help: "Actions and concessions of players, whatever the transport, by outcome: a durability or an error code",
      labelNames: ["outcome"],
      buckets: seconds,
      registers,
    });
    this.#failed = new Counter({
      name: "turnkeep_action_errors_total",
      help: "Actions and concessions that failed, by code and fate: notDone, unknown, or none where nothing was written",
      labelNames: ["code", "fate"],
      registers,
    });
    this.#closes = new Counter({
      name: "turnkeep_sockets_closed_total",
      help: "Sockets that the server closed, by code",
      labelNames: ["code"],
      registers,
    });
  }

  countEvents(events: CountedEvents, stores: PingedStores): void {
    countManagerEvents(events, this.register, stores, this.#runtime);
  }

  countRequests(app: FastifyInstance): void {
    app.addHook("onResponse", async ({ method, routeOptions }, reply) => {
      const labels = { method, route: routeOptions.url ?? "none", status: reply.statusCode };
      this.#requests.observe(labels, reply.elapsedTime / 1_000);
    });
  }

  /** @returns counts a connection that was refused, by the bound that it met */
  countConnections(open: { readonly size: number }): (bound: "address" | "server") => void {
    const registers = [this.register];
    new Gauge({
      name: "turnkeep_connections",
      help: "Open connections, HTTP and WebSocket together",
      registers,
      collect() {
        this.set(open.size);
      },
    });
    const refused = new Counter({
      name: "turnkeep_connections_refused_total",
      help: "Connections that were closed or answered with 503, by bound: of their address, or of the server",
      labelNames: ["bound"],
      registers,
    });
    return (bound) => refused.inc({ bound });
  }

  countSockets(sessions: { readonly size: number }): void {
    new Gauge({
      name: "turnkeep_sockets",
      help: "Open sockets",
      registers: [this.register],
      collect() {
        this.set(sessions.size);
      },
    });
  }

  /** Whether the key server answered when it was last asked. */
  showKeys({ keys }: Pick<Access, "keys">): void {
    if (keys === undefined) return;
    new Gauge({
      name: "turnkeep_token_keys_up",
      help: "1 if the key server (JWKS) answered when it was last asked",
      registers: [this.register],
      collect() {
        this.set(keys.isUp ? 1 : 0);
      },
    });
  }

  socketClosed(code: number): void {
    this.#closes.inc({ code });
  }

  /** The same service, whose actions are counted. */
  countActions(service: GameService): GameService {
    const counted = async (gameId: string, done: Promise<ActAnswer>): Promise<ActAnswer> => {
      const startedAt = this.#runtime.monotonicMs();
      const end = (outcome: string) => {
        const tookMs = this.#runtime.monotonicMs() - startedAt;
        this.#actions.observe({ outcome }, tookMs / 1_000);
        this.slowGames.add(gameId, tookMs);
      };
      try {
        const answer = await done;
        end(answer.duplicate ? "duplicate" : answer.durability);
        return answer;
      } catch (error) {
        const [code, details] = isTurnkeepError(error) ? [error.code, error.details] : ["InternalError", {}];
        end(code);
        this.#failed.inc({ code, fate: "fate" in details ? details.fate : "none" });
        throw error;
      }
    };
    return {
      ...service,
      act: (...args) => counted(args[1], service.act(...args)),
      concede: (...args) => counted(args[1], service.concede(...args)),
    };
  }
}
