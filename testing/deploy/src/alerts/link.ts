import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

/** A way to a server that can be cut, or made slow. */
export class Link {
  /** How long each piece of data waits before it goes on, in ms. */
  delayMs = 0;
  #cut = false;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(target: { readonly host: string; readonly port: number }) {
    this.#server = createServer((near) => {
      if (this.#cut) return void near.destroy();
      const far = connect(target.port, target.host);
      this.#forward(near, far);
      this.#forward(far, near);
    });
  }

  /** A link on loopback to the server of this URL. */
  static async to(url: string): Promise<Link> {
    const { hostname: host, port } = new URL(url);
    const link = new Link({ host, port: Number(port) });
    link.#server.listen(0, "127.0.0.1");
    await once(link.#server, "listening");
    return link;
  }

  /** The URL with this link in the server's place. */
  through(url: string): string {
    const address = this.#server.address();
    const changed = new URL(url);
    changed.hostname = "127.0.0.1";
    changed.port = String(typeof address === "object" ? address?.port : "");
    return changed.href;
  }

  cut(): void {
    this.#cut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  close(): void {
    this.cut();
    this.#server.close();
  }

  #forward(from: Socket, to: Socket): void {
    this.#sockets.add(from);
    from.on("data", (data) => {
      if (this.delayMs === 0) to.write(data);
      else setTimeout(() => to.write(data), this.delayMs);
    });
    from.on("error", () => undefined);
    from.on("close", () => {
      this.#sockets.delete(from);
      to.destroy();
    });
  }
}
