import { pause } from "@turnkeep/service-kit";
import { WebSocket } from "ws";
import * as z from "zod";
import { type SeenGame, seenGameSchema } from "./api-client.js";

const reconnectMs = 500;

const messageSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("authenticated") }),
  seenGameSchema.extend({ type: z.literal("view") }),
]);

/** The newest view of one game, pushed over a socket that is opened again whenever it breaks. */
export class GameFeed {
  latest: SeenGame | null = null;
  #socket: WebSocket | null = null;
  #again: NodeJS.Timeout | undefined;
  #closed = false;
  #news = new AbortController();

  constructor(private readonly options: { readonly url: string; readonly token: string; readonly gameId: string }) {
    this.#connect();
  }

  /** Takes a view that came in another way. */
  offer(seen: SeenGame): void {
    this.latest = seen;
    this.#news.abort();
    this.#news = new AbortController();
  }

  /** Resolves at the next view, after so long, or when the signal fires. */
  next(withinMs: number, signal: AbortSignal): Promise<void> {
    return pause(withinMs, AbortSignal.any([this.#news.signal, signal]));
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#again);
    this.#socket?.terminate();
  }

  #connect(): void {
    const { url, token, gameId } = this.options;
    const socket = new WebSocket(`${url.replace(/^http/, "ws")}/ws`);
    this.#socket = socket;
    const say = (message: object) => socket.send(JSON.stringify(message), () => undefined);
    socket.on("open", () => say({ type: "authenticate", token }));
    socket.on("message", (data) => {
      const { data: message } = messageSchema.safeParse(JSON.parse(String(data)));
      if (message?.type === "authenticated") say({ type: "watch", gameId });
      if (message?.type === "view" && message.gameId === gameId) this.offer(message);
    });
    // Whatever breaks a connection also closes it.
    socket.on("error", () => undefined);
    socket.on("close", () => {
      if (!this.#closed) this.#again = setTimeout(() => this.#connect(), reconnectMs);
    });
  }
}
