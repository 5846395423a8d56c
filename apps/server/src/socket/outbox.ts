import type { ServerMessage } from "@turnkeep/api/schemas";

/** The part of a socket that sending needs. */
export interface SendingSocket {
  readonly bufferedAmount: number;
  send(text: string, done: (error?: Error | null) => void): void;
}

/**
 * What waits for one socket. Replies go out in order. Of each game's views only the newest waits: one view is on its
 * way at a time, and whatever comes meanwhile replaces what has not been sent. A socket that lets more than the limit
 * pile up gets nothing more.
 */
export class Outbox {
  readonly #socket: SendingSocket;
  readonly #limitBytes: number;
  /** Called once when more than the limit waits; nothing is sent after that. */
  readonly #tooSlow: () => void;
  /** Views by game, the longest waiting first. */
  readonly #views = new Map<string, string>();
  #viewUnderWay = false;
  #closed = false;

  constructor(socket: SendingSocket, limitBytes: number, tooSlow: () => void) {
    this.#socket = socket;
    this.#limitBytes = limitBytes;
    this.#tooSlow = tooSlow;
  }

  reply(message: ServerMessage): void {
    this.#send(JSON.stringify(message));
  }

  /** `text` is the message. */
  show(gameId: string, text: string): void {
    this.#views.set(gameId, text);
    this.#sendView();
  }

  /** Drops a view that has not been sent. */
  forget(gameId: string): void {
    this.#views.delete(gameId);
  }

  close(): void {
    this.#closed = true;
    this.#views.clear();
  }

  #sendView(): void {
    if (this.#viewUnderWay || this.#closed) return;
    const [next] = this.#views;
    if (next === undefined) return;
    const [gameId, text] = next;
    this.#views.delete(gameId);
    this.#viewUnderWay = true;
    this.#send(text, () => {
      this.#viewUnderWay = false;
      this.#sendView();
    });
  }

  #send(text: string, done: () => void = () => undefined): void {
    if (this.#closed) return;
    if (this.#socket.bufferedAmount > this.#limitBytes) {
      this.close();
      this.#tooSlow();
      return;
    }
    this.#socket.send(text, (error) => {
      if (!error) done();
    });
  }
}
