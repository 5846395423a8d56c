import { randomUUID } from "node:crypto";
import type { CardAction } from "@turnkeep/card-rules";
import type { GameView } from "@turnkeep/game-state";
import { pause } from "@turnkeep/service-kit";
import type { Operation } from "../check/operation.js";
import { between, type Random } from "../random.js";
import type { Answer, SeenGame } from "./answer.js";
import { choose } from "./choose.js";
import { GameSocket } from "./game-socket.js";
import { HttpClient, type NewGame, type Write } from "./http-client.js";
import { LatestView } from "./latest-view.js";
import type { Manner } from "./manner.js";
import { type Settled, settle } from "./settle.js";

export interface PlayerOptions {
  readonly playerId: string;
  readonly token: string;
  readonly serverUrl: string;
  readonly random: Random;
  readonly manner: Manner;
  /** Told of every operation when it is settled. */
  readonly onOperation: (operation: Operation) => void;
  /** Told of each version that an own write made, and when it was first sent. */
  readonly onWritten?: (version: string, sentAt: number) => void;
  /** Told of each view that comes over the socket. */
  readonly onShown?: (seen: SeenGame) => void;
}

const retryMs = [50, 250] as const;

/**
 * One client: it knows the server's address and its own token, and nothing else. It takes views as they are pushed,
 * acts over the socket or over HTTP as it likes, and repeats what got no answer, with the same write id and again in
 * either way.
 */
export class Player {
  readonly #options: PlayerOptions;
  readonly #http: HttpClient;

  constructor(options: PlayerOptions) {
    this.#options = options;
    this.#http = new HttpClient(options.serverUrl, options.token);
  }

  get playerId(): string {
    return this.#options.playerId;
  }

  /**
   * A new game; its id, or `null` where the signal fired first.
   * @throws Error if the server refuses
   */
  async begin(game: NewGame, signal: AbortSignal): Promise<string | null> {
    const writeId = randomUUID();
    const [sentAt, settled] = await this.#settle(() => this.#http.create({ writeId, ...game }), signal);
    const gameId = settled.seen?.gameId ?? "";
    this.#log({ operation: "create", gameId, writeId, action: null }, sentAt, settled);
    if (settled.outcome === "refused") throw new Error(`the server refused to create a game: ${settled.code}`);
    return settled.seen?.gameId ?? null;
  }

  /** Takes the seat and plays until the game is over; its end as the player saw it, or `null`. */
  async play(gameId: string, signal: AbortSignal): Promise<GameView | null> {
    const [, joined] = await this.#settle(() => this.#http.join(gameId), signal);
    let first = joined.seen;
    while (first === null) {
      first = await this.#http.see(gameId);
      if (signal.aborted) return null;
      if (first === null) await pause(between(this.#options.random, ...retryMs), signal);
    }
    const latest = new LatestView(first);
    const { serverUrl: url, token, onShown } = this.#options;
    const onView = (seen: SeenGame) => {
      onShown?.(seen);
      latest.show(seen);
    };
    const socket = new GameSocket({ url, token, gameId, onView });
    try {
      while (latest.current.status === "live" && !signal.aborted) await this.#step(latest, socket, signal);
      const { status, view } = latest.current;
      return status === "live" ? null : view;
    } finally {
      socket.close();
    }
  }

  async #step(latest: LatestView, socket: GameSocket, signal: AbortSignal): Promise<void> {
    const seen = latest.current;
    const { manner, random } = this.#options;
    const action: CardAction | null = manner.leave?.aborted ? { type: "concede" } : choose(seen.view, manner, random);
    if (action === null || seen.version === null) {
      await this.#await(latest, signal);
      return;
    }
    await pause(between(random, ...manner.thinkMs), manner.leave ?? signal);
    if (latest.current !== seen) return;
    await this.#act(latest, seen, seen.version, action, socket, signal);
  }

  async #act(
    latest: LatestView,
    { gameId }: SeenGame,
    expectedVersion: string,
    action: CardAction,
    socket: GameSocket,
    signal: AbortSignal,
  ): Promise<void> {
    const { manner, random, onWritten } = this.#options;
    const write: Write = { writeId: randomUUID(), expectedVersion, action };
    const overSocket = () => socket.open && random() < manner.overSocket;
    const overHttp = () =>
      action.type === "concede" ? this.#http.concede(gameId, write) : this.#http.act(gameId, write);
    const [sentAt, settled] = await this.#settle(() => (overSocket() ? socket.act(write) : overHttp()), signal);
    const operation = action.type === "concede" ? "concede" : "act";
    this.#log({ operation, gameId, writeId: write.writeId, action: action.type }, sentAt, settled);
    if (settled.version !== null) onWritten?.(settled.version, sentAt);
    if (settled.seen !== null) latest.show(settled.seen);
    // Whatever was assumed, it did not hold: look again before the next move.
    else if (settled.outcome !== "acknowledged") await this.#look(latest);
    else if (latest.current.version === expectedVersion) await this.#await(latest, signal);
  }

  async #await(latest: LatestView, signal: AbortSignal): Promise<void> {
    const before = latest.current;
    const { askAfterMs, leave } = this.#options.manner;
    await latest.next(askAfterMs, signal, ...(leave === null ? [] : [leave]));
    if (latest.current === before && !signal.aborted) await this.#look(latest);
  }

  async #look(latest: LatestView): Promise<void> {
    const seen = await this.#http.see(latest.current.gameId);
    if (seen !== null) latest.show(seen);
  }

  /** When it was first sent, and what became of it. */
  async #settle(ask: () => Promise<Answer>, signal: AbortSignal): Promise<readonly [sentAt: number, Settled]> {
    const sentAt = performance.now();
    return [sentAt, await settle(ask, () => between(this.#options.random, ...retryMs), signal)];
  }

  #log(
    written: Pick<Operation, "operation" | "gameId" | "writeId" | "action">,
    sentAt: number,
    { level, outcome, attempts, silences, duplicate, code }: Settled,
  ): void {
    const { playerId, onOperation } = this.#options;
    const tookMs = performance.now() - sentAt;
    onOperation({ ...written, playerId, level, outcome, attempts, silences, duplicate, code, tookMs });
  }
}
