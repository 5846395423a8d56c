import { once } from "node:events";
import { WebSocket } from "ws";

type Message = Record<string, unknown> & { readonly type: string };

/** A real WebSocket that keeps all it hears, for tests of the frames themselves; the one client hides most of them. */
export class TestSocket {
  readonly heard: Message[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  /** By type, how far it was taken. */
  readonly #taken = new Map<string, number>();
  #news: (() => void)[] = [];

  private constructor(readonly raw: WebSocket) {
    raw.on("message", (data) => {
      this.heard.push(JSON.parse(String(data)));
      for (const resolve of this.#news.splice(0)) resolve();
    });
    this.closed = new Promise((resolve) => {
      raw.on("close", (code, reason) => {
        resolve({ code, reason: String(reason) });
        for (const wake of this.#news.splice(0)) wake();
      });
    });
  }

  /** @throws Error with the status where the upgrade is refused */
  static async open(address: string, headers: Record<string, string> = {}, path = "/ws"): Promise<TestSocket> {
    const raw = new WebSocket(`${address.replace(/^http/, "ws")}${path}`, { headers });
    const socket = new TestSocket(raw);
    raw.on("error", () => undefined);
    await Promise.race([
      once(raw, "open"),
      once(raw, "unexpected-response").then(([, response]) => {
        raw.terminate();
        throw Object.assign(new Error(`refused with ${response.statusCode}`), { status: response.statusCode });
      }),
    ]);
    return socket;
  }

  say(message: object): void {
    this.raw.send(JSON.stringify(message));
  }

  /** The next message of this type that fits and was not taken yet; those of its type before it are skipped. */
  async hear(type: string, matches: (message: Message) => boolean = () => true): Promise<Message> {
    for (;;) {
      const from = this.#taken.get(type) ?? 0;
      const index = this.heard.findIndex((message, at) => at >= from && message.type === type && matches(message));
      const found = this.heard[index];
      if (found !== undefined) {
        this.#taken.set(type, index + 1);
        return found;
      }
      if (this.raw.readyState === WebSocket.CLOSED) throw new Error(`closed before ${type} came`);
      await new Promise<void>((resolve) => this.#news.push(resolve));
    }
  }

  /** Everything heard so far, as text. */
  transcript(): string {
    return this.heard.map((message) => JSON.stringify(message)).join("\n");
  }

  async close(): Promise<void> {
    this.raw.close();
    await this.closed;
  }
}
