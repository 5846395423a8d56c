import { randomUUID } from "node:crypto";
import {
  type ApiClient,
  type ApiRequest,
  type ApiSocket,
  createApiClient,
  type Game,
  LatestGame,
  requests,
  type WrittenGame,
} from "@turnkeep/api";
import type { CardAction } from "@turnkeep/card-rules";
import { systemRuntime } from "@turnkeep/core";
import type { GameView } from "@turnkeep/game-state";
import { pause } from "@turnkeep/service-kit";
import { WebSocket } from "ws";
import type { Operation } from "../check/operation.js";
import { between, type Random } from "../random.js";
import { choose } from "./choose.js";
import type { PlayStyle } from "./play-style.js";
import { sendWrite, type WriteResult, type Written } from "./send-write.js";

/** The usual rules, or others. */
interface Rules {
  readonly rules?: Readonly<Record<string, unknown>>;
}

export interface PlayerOptions {
  readonly playerId: string;
  readonly token: string;
  readonly serverUrl: string;
  readonly random: Random;
  readonly style: PlayStyle;
  /** Receives every operation when its result is known. */
  readonly onOperation: (operation: Operation) => void;
  /** Receives each version that an own write made, and when it was first sent. */
  readonly onWritten?: (version: string, sentAt: number) => void;
  /** Receives each view that comes over the socket. */
  readonly onShown?: (game: Game) => void;
}

const backoff = { firstMs: 100, longestMs: 250 } as const;
const answerWithinMs = 5_000;

/**
 * One client: it knows the server's address and its own token, and nothing else. It takes views as they are pushed,
 * acts over the socket or over HTTP by chance, and repeats what got no answer, with the same write id and again over
 * either.
 */
export class Player {
  readonly #options: PlayerOptions;
  readonly #runtime: { readonly schedule: typeof systemRuntime.schedule; readonly random: Random };
  readonly #api: ApiClient;

  constructor(options: PlayerOptions) {
    const { serverUrl: url, token, random } = options;
    this.#options = options;
    this.#runtime = { schedule: systemRuntime.schedule, random };
    const runtime = this.#runtime;
    this.#api = createApiClient({ url, token: () => token, WebSocket, answerWithinMs, backoff, runtime });
  }

  get playerId(): string {
    return this.#options.playerId;
  }

  /**
   * A new game against an NPC; its id, or `null` where the signal fired first.
   * @throws Error if the server refuses
   */
  begin(newGame: { readonly npcId: string } & Rules, signal: AbortSignal): Promise<string | null> {
    const writeId = randomUUID();
    return this.#create(requests.createGame({ writeId, ...newGame }), writeId, signal);
  }

  /** An invitation's token, or `null` where the signal fired first. Nothing is written by it. */
  async invite(rules: Rules, signal: AbortSignal): Promise<string | null> {
    try {
      return (await this.#api.askUntilAnswered(requests.createInvite(rules), { signal })).token;
    } catch (error) {
      if (signal.aborted) return null;
      throw error;
    }
  }

  /**
   * Begins the game of an invitation; its id, or `null` where the signal fired first.
   * @throws Error if the server refuses
   */
  accept(token: string, signal: AbortSignal): Promise<string | null> {
    return this.#create(requests.acceptInvite({ token }), "accept_invite", signal);
  }

  async #create(create: ApiRequest<Game>, writeId: string, signal: AbortSignal): Promise<string | null> {
    const [sentAt, result] = await this.#send(async () => shown(await this.#api.ask(create)), signal);
    const gameId = result.game?.gameId ?? null;
    this.#log({ operation: "create", gameId: gameId ?? "", writeId, action: null }, sentAt, result);
    if (result.outcome === "refused") throw new Error(`the server refused to create a game: ${result.code}`);
    return gameId;
  }

  /** Takes the seat and plays until the game is over; its end as the player saw it, or `null`. */
  async play(gameId: string, signal: AbortSignal): Promise<GameView | null> {
    const join = requests.joinGame(gameId);
    const [, joined] = await this.#send(async () => shown(await this.#api.ask(join)), signal);
    let first = joined.game;
    while (first === null) {
      first = await this.#see(gameId);
      if (signal.aborted) return null;
      if (first === null) await pause(between(this.#options.random, backoff.firstMs, backoff.longestMs), signal);
    }
    const latest = new LatestGame(first);
    const socket = this.#api.openSocket();
    socket.watch(gameId, {
      view: (game) => {
        this.#options.onShown?.(game);
        latest.offer(game);
      },
    });
    try {
      while (latest.current.status === "live" && !signal.aborted) await this.#step(latest, socket, signal);
      const { status, view } = latest.current;
      return status === "live" ? null : view;
    } finally {
      socket.close();
    }
  }

  async #step(latest: LatestGame, socket: ApiSocket, signal: AbortSignal): Promise<void> {
    const game = latest.current;
    const { style, random } = this.#options;
    const action: CardAction | null = style.leave?.aborted ? { type: "concede" } : choose(game.view, style, random);
    if (action === null || game.version === null) {
      await this.#await(latest, signal);
      return;
    }
    await pause(between(random, ...style.thinkMs), style.leave ?? signal);
    if (latest.current !== game) return;
    await this.#act(latest, game.version, action, socket, signal);
  }

  async #act(
    latest: LatestGame,
    expectedVersion: string,
    action: CardAction,
    socket: ApiSocket,
    signal: AbortSignal,
  ): Promise<void> {
    const { style, random, onWritten } = this.#options;
    const { gameId } = latest.current;
    const write = { writeId: randomUUID(), expectedVersion, action };
    const operation = action.type === "concede" ? "concede" : "act";
    const request = requests[operation](gameId, write);
    const overSocket = async (): Promise<Written> => {
      const { durability: level, duplicate, version } = await socket.act(gameId, write);
      return { level, duplicate, version, game: null };
    };
    const overHttp = async (): Promise<Written> => written(await this.#api.ask(request));
    const isSocketsTurn = () => socket.state === "live" && random() < style.overSocket;
    const [sentAt, result] = await this.#send(() => (isSocketsTurn() ? overSocket() : overHttp()), signal);
    this.#log({ operation, gameId, writeId: write.writeId, action: action.type }, sentAt, result);
    if (result.version !== null) onWritten?.(result.version, sentAt);
    if (result.game !== null) latest.offer(result.game);
    // What was assumed did not hold: look again before the next move.
    else if (result.outcome !== "acknowledged") await this.#look(latest);
    else if (latest.current.version === expectedVersion) await this.#await(latest, signal);
  }

  async #await(latest: LatestGame, signal: AbortSignal): Promise<void> {
    const before = latest.current;
    const { askAfterMs, leave } = this.#options.style;
    await latest.next(askAfterMs, signal, ...(leave === null ? [] : [leave]));
    if (latest.current === before && !signal.aborted) await this.#look(latest);
  }

  async #look(latest: LatestGame): Promise<void> {
    const game = await this.#see(latest.current.gameId);
    if (game !== null) latest.offer(game);
  }

  /** The game as it is now; `null` where the server does not show it. */
  #see(gameId: string): Promise<Game | null> {
    return this.#api.ask(requests.getGame(gameId)).catch(() => null);
  }

  /** When it was first sent, and what became of it. */
  async #send(send: () => Promise<Written>, signal: AbortSignal): Promise<readonly [sentAt: number, WriteResult]> {
    const sentAt = performance.now();
    return [sentAt, await sendWrite(send, { runtime: this.#runtime, backoff, signal })];
  }

  #log(
    written: Pick<Operation, "operation" | "gameId" | "writeId" | "action">,
    sentAt: number,
    { level, outcome, attempts, silences, duplicate, code }: WriteResult,
  ): void {
    const { playerId, onOperation } = this.#options;
    const tookMs = performance.now() - sentAt;
    onOperation({ ...written, playerId, level, outcome, attempts, silences, duplicate, code, tookMs });
  }
}

/** A new game and a taken seat are durable. */
const shown = (game: Game): Written => ({ level: "durable", duplicate: false, version: game.version, game });

const written = ({ durability: level, duplicate, ...game }: WrittenGame): Written => ({
  level,
  duplicate,
  version: game.version,
  game,
});
