import { WebSocket } from "ws";
import * as z from "zod";
import { type Answer, answerOf, levelSchema, problemSchema, type SeenGame, seenGameSchema } from "./answer.js";
import type { Write } from "./http-client.js";

const replyTimeoutMs = 5_000;
const againMs = 100;

const messageSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("authenticated") }),
  z.object({ type: z.literal("watching") }),
  z.object({
    type: z.literal("done"),
    requestId: z.string(),
    version: z.string().nullable(),
    durability: levelSchema,
    duplicate: z.boolean(),
  }),
  z.object({ type: z.literal("error"), requestId: z.string().optional(), problem: problemSchema }),
  seenGameSchema.extend({ type: z.literal("view") }),
]);

/**
 * One player's socket on one game, connected again and again until it is closed: tells every view that the server
 * pushes, and sends writes. What was asked for and not answered when the connection broke is answered with silence.
 */
export class GameSocket {
  readonly #waiting = new Map<string, (answer: Answer) => void>();
  #socket: WebSocket | null = null;
  #watching = false;
  #closed = false;
  #again: NodeJS.Timeout | undefined;
  #requests = 0;

  constructor(
    private readonly options: {
      readonly url: string;
      readonly token: string;
      readonly gameId: string;
      readonly onView: (seen: SeenGame) => void;
    },
  ) {
    this.#connect();
  }

  /** True while writes can be sent. */
  get open(): boolean {
    return this.#watching;
  }

  act(write: Write): Promise<Answer> {
    if (!this.#watching) return Promise.resolve({ kind: "silence", why: "not connected" });
    this.#requests += 1;
    const requestId = `r${this.#requests}`;
    return new Promise((resolve) => {
      const finish = (answer: Answer) => {
        clearTimeout(late);
        this.#waiting.delete(requestId);
        resolve(answer);
      };
      const late = setTimeout(() => finish({ kind: "silence", why: "no reply in time" }), replyTimeoutMs);
      this.#waiting.set(requestId, finish);
      this.#send({ type: "act", requestId, gameId: this.options.gameId, ...write });
    });
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#again);
    this.#socket?.terminate();
  }

  #connect(): void {
    const socket = new WebSocket(`${this.options.url.replace(/^http/, "ws")}/ws`);
    this.#socket = socket;
    socket.on("open", () => this.#send({ type: "authenticate", token: this.options.token }));
    socket.on("message", (data) => this.#hear(String(data)));
    // A refused or broken connection ends with `close` as well.
    socket.on("error", () => {});
    socket.on("close", () => {
      this.#watching = false;
      for (const finish of [...this.#waiting.values()]) finish({ kind: "silence", why: "the connection broke" });
      if (!this.#closed) this.#again = setTimeout(() => this.#connect(), againMs);
    });
  }

  #hear(text: string): void {
    const parsed = messageSchema.safeParse(JSON.parse(text));
    if (!parsed.success) return;
    const message = parsed.data;
    switch (message.type) {
      case "authenticated":
        this.#send({ type: "watch", gameId: this.options.gameId });
        return;
      case "watching":
        this.#watching = true;
        return;
      case "view":
        if (message.gameId === this.options.gameId) this.options.onView(message);
        return;
      case "done": {
        const { requestId, durability: level, duplicate, version } = message;
        this.#waiting.get(requestId)?.({ kind: "done", level, duplicate, version, seen: null });
        return;
      }
      case "error":
        this.#waiting.get(message.requestId ?? "")?.(answerOf(message.problem));
    }
  }

  #send(message: object): void {
    this.#socket?.send(JSON.stringify(message), () => {});
  }
}
