import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Registry } from "prom-client";

export interface MetricsServer {
  /** Such as `http://127.0.0.1:9464`. */
  readonly address: string;
  close(): Promise<void>;
}

/** A game, and how long its slowest action of the last minute took; a server lists some as JSON at `/slow-games`. */
export interface SlowGame {
  readonly gameId: string;
  readonly slowestMs: number;
}

/**
 * Serves `/metrics` for Prometheus, and `/slow-games` where there are any, on a port of its own, so that neither is ever
 * public by accident.
 * @throws what listening throws
 */
export async function serveMetrics(
  register: Registry,
  host: string,
  port: number,
  slowGames: () => readonly SlowGame[] = () => [],
): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    if (request.method === "GET" && request.url === "/slow-games") {
      return void response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(slowGames()));
    }
    if (request.method !== "GET" || request.url !== "/metrics") return void response.writeHead(404).end();
    register.metrics().then(
      (text) => response.writeHead(200, { "content-type": register.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  server.listen(port, host);
  await once(server, "listening");
  const { address, family, port: bound } = server.address() as AddressInfo;
  return {
    address: `http://${family === "IPv6" ? `[${address}]` : address}:${bound}`,
    close: async () => {
      server.close();
      server.closeAllConnections();
      if (server.listening) await once(server, "close");
    },
  };
}
