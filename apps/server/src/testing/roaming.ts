import { setTimeout as delay } from "node:timers/promises";
import type { Answer, SeenGame, TestPlayer } from "./test-player.js";

const patienceMs = 60_000;

/**
 * Clients that may talk to any server, each time to another one, while servers come and go. What got no answer, or one
 * that says to try again, is sent again as it was, to whichever server is next.
 */
export class Roaming {
  readonly #addresses: () => readonly string[];
  /** Requests that had to be sent again. */
  retries = 0;
  #turn = 0;

  constructor(addresses: () => readonly string[]) {
    this.#addresses = addresses;
  }

  next(): string {
    const addresses = this.#addresses();
    this.#turn += 1;
    return addresses[this.#turn % addresses.length] ?? "";
  }

  /** The first answer that is not 503. @throws Error if none comes for a minute */
  async send(request: (address: string) => Promise<Answer>): Promise<Answer> {
    const giveUpAt = Date.now() + patienceMs;
    let last: unknown;
    while (Date.now() < giveUpAt) {
      try {
        const answer = await request(this.next());
        if (answer.status !== 503) return answer;
        last = JSON.stringify(answer.body);
      } catch (error) {
        last = error;
      }
      this.retries += 1;
      await delay(25);
    }
    throw new Error(`no server answered: ${last}`);
  }

  async see(player: TestPlayer, gameId: string): Promise<SeenGame> {
    return (await this.send((url) => player.get(url, `/games/${gameId}`))).body as SeenGame;
  }

  post(player: TestPlayer, path: string, body: object): Promise<Answer> {
    return this.send((url) => player.post(url, path, body));
  }

  /** Watches a game until it is over, from whichever server can show it; the last message. */
  async watch(player: TestPlayer, gameId: string): Promise<Record<string, unknown>> {
    for (;;) {
      try {
        const socket = await player.connect(this.next());
        socket.say({ type: "watch", gameId });
        const last = await socket.hear("view", ({ status }) => status === "archived");
        await socket.close();
        return last;
      } catch {
        await delay(25);
      }
    }
  }
}
