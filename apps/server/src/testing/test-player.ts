import { randomUUID } from "node:crypto";
import { type ApiClient, createApiClient, requests } from "@turnkeep/api";
import { chooseActionFromView } from "@turnkeep/card-rules";
import type { GameView } from "@turnkeep/game-state";
import { WebSocket } from "ws";
import { type TestClaims, tokenFor } from "./test-server.js";
import { TestSocket } from "./test-socket.js";

/** An answer of the server; `body` is what its JSON says. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

export interface SeenGame extends Record<string, unknown> {
  readonly gameId: string;
  readonly version: string;
  readonly status: "live" | "ended" | "archived";
  readonly view: GameView;
}

/**
 * One player with a token, who may talk to any server: by the one client, or in requests of their own where a test is
 * about statuses, headers and what no client sends.
 */
export class TestPlayer {
  private constructor(
    readonly id: string,
    readonly token: string,
  ) {}

  static async create(claims: TestClaims = {}): Promise<TestPlayer> {
    const id = randomUUID();
    return new TestPlayer(id, await tokenFor(id, claims));
  }

  get(address: string, path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return ask(address, path, { headers: { authorization: `Bearer ${this.token}`, ...headers } });
  }

  post(address: string, path: string, body: unknown): Promise<Answer> {
    return ask(address, path, {
      method: "POST",
      headers: { authorization: `Bearer ${this.token}`, "content-type": "application/json" },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  }

  /** This player's way to a server. */
  api(url: string): ApiClient {
    return createApiClient({ url, token: () => this.token, WebSocket });
  }

  /** A new game against the opponent, who accepts the invitation; as this player sees it. */
  async invite(address: string, opponent: TestPlayer, invite: Parameters<typeof requests.createInvite>[0] = {}) {
    const { token } = await this.api(address).ask(requests.createInvite(invite));
    const { gameId } = await opponent.api(address).ask(requests.acceptInvite({ token }));
    return this.see(address, gameId);
  }

  /** The game as it is, without the time at which that was said: so that what has not changed is equal. */
  async see(address: string, gameId: string): Promise<SeenGame> {
    const { serviceTime: _said, ...game } = await this.api(address).ask(requests.getGame(gameId));
    return game as unknown as SeenGame;
  }

  act(address: string, seen: SeenGame, action: unknown, rest: object = {}): Promise<Answer> {
    const body = { writeId: randomUUID(), expectedVersion: seen.version, action, ...rest };
    return this.post(address, `/games/${seen.gameId}/actions`, body);
  }

  /** An authenticated socket. */
  async connect(address: string): Promise<TestSocket> {
    const socket = await TestSocket.open(address);
    socket.say({ type: "authenticate", token: this.token });
    await socket.hear("authenticated");
    return socket;
  }
}

export async function ask(address: string, path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(`${address}${path}`, init);
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json") === true;
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : { text } };
}

/** Who of two players has to act now, and who has not; while a game is laid out that need not be the current player. */
export async function findMover(
  address: string,
  gameId: string,
  [first, second]: readonly [TestPlayer, TestPlayer],
): Promise<{ mover: TestPlayer; waiter: TestPlayer }> {
  const { view } = await first.see(address, gameId);
  const isFirst = chooseActionFromView(view) !== null;
  return isFirst ? { mover: first, waiter: second } : { mover: second, waiter: first };
}

/** The player who is to move does so, as the simple player would; returns what that player then sees. */
export async function playOneMove(
  address: string,
  gameId: string,
  players: readonly TestPlayer[],
  rest: object = {},
): Promise<SeenGame> {
  for (const player of players) {
    const seen = await player.see(address, gameId);
    const action = chooseActionFromView(seen.view);
    if (action === null) continue;
    const answer = await player.act(address, seen, action, rest);
    if (answer.status !== 200) throw new Error(`not done: ${JSON.stringify(answer.body)}`);
    return answer.body as SeenGame;
  }
  throw new Error("nobody can move");
}
