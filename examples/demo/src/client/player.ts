import { randomUUID } from "node:crypto";
import { pause } from "@turnkeep/app-kit";
import { type CardAction, chooseActionFromView, legalActionsFromView } from "@turnkeep/card-rules";
import type { GameView } from "@turnkeep/game-state";
import type { Operation } from "../check/operation.js";
import { between, pick, type Random } from "../random.js";
import type { Answer, SeenGame } from "./answer.js";
import { GameSocket } from "./game-socket.js";
import { HttpClient, type Write } from "./http-client.js";
import { LatestView } from "./latest-view.js";
import { type Settled, settle } from "./settle.js";

export interface PlayerOptions {
  readonly playerId: string;
  readonly token: string;
  readonly serverUrl: string;
  readonly random: Random;
  /** Told of every operation when it is settled. */
  readonly onOperation: (operation: Operation) => void;
}

/** If nothing is pushed for so long, a player asks. */
const askAfterMs = 2_000;
const thinkMs = [5, 40] as const;
const retryMs = [50, 250] as const;
const concedeChance = 0.002;
const whimChance = 0.2;

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
   * A new game against this opponent; `null` where the signal fired first.
   * @throws Error if the server refuses
   */
  async invite(opponentId: string, signal: AbortSignal): Promise<string | null> {
    const writeId = randomUUID();
    const settled = await this.#settle(() => this.#http.create({ writeId, opponentId }), signal);
    this.#log("create", settled.seen?.gameId ?? "", writeId, settled);
    if (settled.outcome === "refused") throw new Error(`the server refused to create a game: ${settled.code}`);
    return settled.seen?.gameId ?? null;
  }

  /** Takes the seat and plays until the game is over; true if it saw the end. */
  async play(gameId: string, signal: AbortSignal): Promise<boolean> {
    const joined = await this.#settle(() => this.#http.join(gameId), signal);
    let first = joined.seen;
    while (first === null) {
      first = await this.#http.see(gameId);
      if (signal.aborted) return false;
      if (first === null) await pause(between(this.#options.random, ...retryMs), signal);
    }
    const latest = new LatestView(first);
    const { serverUrl: url, token } = this.#options;
    const socket = new GameSocket({ url, token, gameId, onView: (seen) => latest.show(seen) });
    try {
      while (latest.current.status === "live" && !signal.aborted) await this.#step(latest, socket, signal);
      return latest.current.status !== "live";
    } finally {
      socket.close();
    }
  }

  async #step(latest: LatestView, socket: GameSocket, signal: AbortSignal): Promise<void> {
    const seen = latest.current;
    const action = this.#choose(seen.view);
    if (action === null || seen.version === null) {
      await this.#await(latest, signal);
      return;
    }
    await pause(between(this.#options.random, ...thinkMs), signal);
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
    const write: Write = { writeId: randomUUID(), expectedVersion, action };
    const overSocket = () => socket.open && this.#options.random() < 0.5;
    const overHttp = () =>
      action.type === "concede" ? this.#http.concede(gameId, write) : this.#http.act(gameId, write);
    const settled = await this.#settle(() => (overSocket() ? socket.act(write) : overHttp()), signal);
    this.#log(action.type === "concede" ? "concede" : "act", gameId, write.writeId, settled);
    if (settled.seen !== null) latest.show(settled.seen);
    // Whatever was assumed, it did not hold: look again before the next move.
    else if (settled.outcome !== "acknowledged") await this.#look(latest);
    else if (latest.current.version === expectedVersion) await this.#await(latest, signal);
  }

  async #await(latest: LatestView, signal: AbortSignal): Promise<void> {
    const before = latest.current;
    await latest.next(askAfterMs, signal);
    if (latest.current === before && !signal.aborted) await this.#look(latest);
  }

  async #look(latest: LatestView): Promise<void> {
    const seen = await this.#http.see(latest.current.gameId);
    if (seen !== null) latest.show(seen);
  }

  #choose(view: GameView): CardAction | null {
    const { random } = this.#options;
    const sensible = chooseActionFromView(view);
    if (sensible === null) return null;
    if (random() < concedeChance) return { type: "concede" };
    if (random() >= whimChance) return sensible;
    return (
      pick(
        random,
        legalActionsFromView(view).filter(({ type }) => type !== "concede"),
      ) ?? sensible
    );
  }

  #settle(ask: () => Promise<Answer>, signal: AbortSignal): Promise<Settled> {
    return settle(ask, () => between(this.#options.random, ...retryMs), signal);
  }

  #log(operation: Operation["operation"], gameId: string, writeId: string, settled: Settled): void {
    const { level, outcome, attempts, duplicate, code } = settled;
    const { playerId, onOperation } = this.#options;
    onOperation({ operation, gameId, playerId, writeId, level, outcome, attempts, duplicate, code });
  }
}
