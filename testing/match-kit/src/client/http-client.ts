import * as z from "zod";
import { type Answer, answerOf, levelSchema, problemSchema, type SeenGame, seenGameSchema } from "./answer.js";

const requestTimeoutMs = 5_000;
const actAnswerSchema = seenGameSchema.extend({ durability: levelSchema, duplicate: z.boolean() });

/** A game against a user or an NPC, by the usual rules or by others. */
export type NewGame = ({ readonly opponentId: string } | { readonly npcId: string }) & {
  readonly rules?: Readonly<Record<string, unknown>>;
};

/** One write of a player. The same write id is the same write, however often and in whatever way it is sent. */
export interface Write {
  readonly writeId: string;
  readonly expectedVersion: string;
  readonly action: unknown;
}

/** The server's HTTP interface, used with one player's token. */
export class HttpClient {
  constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  /** A new game is durable once it is answered. */
  create(request: NewGame & { writeId: string }): Promise<Answer> {
    return this.#ask("/games", request, seen);
  }

  join(gameId: string): Promise<Answer> {
    return this.#ask(`/games/${gameId}/join`, {}, seen);
  }

  act(gameId: string, write: Write): Promise<Answer> {
    return this.#ask(`/games/${gameId}/actions`, write, done);
  }

  concede(gameId: string, { writeId, expectedVersion }: Write): Promise<Answer> {
    return this.#ask(`/games/${gameId}/concede`, { writeId, expectedVersion }, done);
  }

  /** The game as it is now; `null` where the server does not answer. */
  async see(gameId: string): Promise<SeenGame | null> {
    const answer = await this.#ask(`/games/${gameId}`, undefined, seen);
    return answer.kind === "done" ? answer.seen : null;
  }

  async #ask(path: string, body: object | undefined, read: (body: unknown) => Answer): Promise<Answer> {
    let status: number;
    let answered: unknown;
    try {
      const response = await fetch(`${this.url}${path}`, {
        method: body === undefined ? "GET" : "POST",
        headers: {
          authorization: `Bearer ${this.token}`,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        body: body === undefined ? null : JSON.stringify(body),
        signal: AbortSignal.timeout(requestTimeoutMs),
      });
      status = response.status;
      answered = await response.json();
    } catch (error) {
      return { kind: "silence", why: error instanceof Error ? error.name : "unknown" };
    }
    if (status < 300) return read(answered);
    const problem = problemSchema.safeParse(answered);
    return problem.success ? answerOf(problem.data) : { kind: "silence", why: `status ${status}` };
  }
}

function done(body: unknown): Answer {
  const { durability, duplicate, ...seen } = actAnswerSchema.parse(body);
  return { kind: "done", level: durability, duplicate, version: seen.version, seen };
}

function seen(body: unknown): Answer {
  const seen = seenGameSchema.parse(body);
  return { kind: "done", level: "durable", duplicate: false, version: seen.version, seen };
}
