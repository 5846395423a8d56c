import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { schedule } from "../clock.js";

/**
 * `open`: all bytes pass. `refuse`: connections are closed at once. `swallow`: connections stay open, and nothing passes
 * in either direction. `loseReplies`: requests arrive, and their replies do not.
 */
export type ProxyMode = "open" | "refuse" | "swallow" | "loseReplies";

/** A proxy to a server on loopback that can cut, delay and lose what passes through it. */
export class TcpProxy {
  readonly #server: Server;
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  #target: number;
  #mode: ProxyMode = "open";
  delayMs = 0;

  constructor(server: Server, target: number) {
    this.#server = server;
    this.#target = target;
    server.on("connection", (client) => this.#join(client));
  }

  static async start(target: number): Promise<TcpProxy> {
    const server = createServer({ noDelay: true });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new TcpProxy(server, target);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Applies to all connections at once. Those that lost bytes are cut when the proxy opens again. */
  set(mode: ProxyMode): void {
    const lossy = this.#mode !== "open";
    this.#mode = mode;
    if (mode === "refuse" || (mode === "open" && lossy)) this.cut();
  }

  /** Connects new connections to another port, and cuts the present ones. */
  routeTo(target: number): void {
    this.#target = target;
    this.cut();
  }

  cut(): void {
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy();
  }

  async close(): Promise<void> {
    this.#mode = "refuse";
    this.cut();
    this.#server.close();
    await once(this.#server, "close");
  }

  #join(client: Socket): void {
    if (this.#mode === "refuse") {
      client.destroy();
      return;
    }
    const server = connect({ port: this.#target, host: "127.0.0.1", noDelay: true });
    const pair = [client, server] as const;
    this.#pairs.add(pair);
    const end = () => {
      this.#pairs.delete(pair);
      for (const socket of pair) socket.destroy();
    };
    for (const socket of pair) socket.on("error", end).on("close", end);
    client.on("data", (chunk) => this.#pass(chunk, server, this.#mode !== "swallow"));
    server.on("data", (chunk) => this.#pass(chunk, client, this.#mode === "open"));
  }

  #pass(chunk: Buffer, to: Socket, passes: boolean): void {
    if (!passes) return;
    if (this.delayMs === 0) to.write(chunk);
    else schedule(() => to.writable && to.write(chunk), this.delayMs);
  }
}
