import type { GameView } from "@turnkeep/game-state";
import { pause } from "@turnkeep/service-kit";
import * as z from "zod";

/** A game as its player sees it. */
export interface SeenGame {
  readonly gameId: string;
  readonly version: string | null;
  readonly status: "live" | "ended" | "archived";
  readonly view: GameView;
}

/** The server said no, and will say so again. */
export class Refused extends Error {
  override readonly name = "Refused";
  constructor(
    readonly status: number,
    readonly code: string,
  ) {
    super(`the server refused: ${code}`);
  }
}

export const seenGameSchema = z.object({
  gameId: z.string(),
  version: z.string().nullable(),
  status: z.enum(["live", "ended", "archived"]),
  view: z.custom<GameView>((view) => typeof view === "object" && view !== null),
}) satisfies z.ZodType<SeenGame>;

const tokenSchema = z.object({ token: z.string(), playerId: z.string(), name: z.string(), expiresAt: z.number() });
export type Token = z.infer<typeof tokenSchema>;

const activeSchema = z.object({
  items: z.array(z.object({ gameId: z.string(), status: z.string(), playerIds: z.array(z.string()) })),
});
const problemSchema = z.object({ code: z.string() });

const requestTimeoutMs = 10_000;
const firstRetryMs = 250;
const lastRetryMs = 5_000;

/**
 * The server's HTTP interface. Every request is repeated, with the same write id, until the server says yes or no, or
 * the signal fires.
 */
export class ApiClient {
  constructor(
    private readonly url: string,
    private readonly signal: AbortSignal,
  ) {}

  token(name: string): Promise<Token> {
    return this.#ask("/demo/token", tokenSchema, { body: { name } });
  }

  async activeGames(token: string): Promise<z.infer<typeof activeSchema>["items"]> {
    return (await this.#ask("/games", activeSchema, { token })).items;
  }

  create(
    token: string,
    body: { writeId: string; opponentId: string; name: string; opponentName: string },
  ): Promise<SeenGame> {
    return this.#ask("/games", seenGameSchema, { token, body });
  }

  view(token: string, gameId: string): Promise<SeenGame> {
    return this.#ask(`/games/${gameId}`, seenGameSchema, { token });
  }

  act(
    token: string,
    gameId: string,
    body: { writeId: string; expectedVersion: string; action: unknown },
  ): Promise<SeenGame> {
    return this.#ask(`/games/${gameId}/actions`, seenGameSchema, { token, body });
  }

  /** @throws Refused; AbortError once the signal has fired */
  async #ask<T>(path: string, schema: z.ZodType<T>, request: { token?: string; body?: object }): Promise<T> {
    for (let waitMs = firstRetryMs; ; waitMs = Math.min(waitMs * 2, lastRetryMs)) {
      this.signal.throwIfAborted();
      const response = await this.#send(path, request);
      if (response?.ok) return schema.parse(await response.json());
      if (response !== null && response.status < 500 && response.status !== 429) {
        const problem = problemSchema.safeParse(await response.json().catch(() => null));
        throw new Refused(response.status, problem.data?.code ?? "unknown");
      }
      await pause(waitMs, this.signal);
    }
  }

  /** `null` where the server did not answer. */
  async #send(path: string, { token, body }: { token?: string; body?: object }): Promise<Response | null> {
    const headers: Record<string, string> = {};
    if (token !== undefined) headers.authorization = `Bearer ${token}`;
    if (body !== undefined) headers["content-type"] = "application/json";
    try {
      return await fetch(`${this.url}${path}`, {
        method: body === undefined ? "GET" : "POST",
        headers,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.any([this.signal, AbortSignal.timeout(requestTimeoutMs)]),
      });
    } catch {
      return null;
    }
  }
}
