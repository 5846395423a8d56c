/** How safe the server called an acknowledged write. */
export type Level = "writeBehind" | "durable";

/**
 * What a client knows in the end of one write that it asked for, however often it had to ask.
 * `acknowledged`: the server said that it is done; `refused`: the server said that it will not do it; `overtaken`: an
 * attempt got no answer, and by the next one the game was over, which says nothing of this write; `unknown`: no answer
 * that says so came before the client gave up.
 */
export type OperationOutcome = "acknowledged" | "refused" | "overtaken" | "unknown";

/** One line of a client's log. */
export interface Operation {
  readonly operation: "create" | "join" | "act" | "concede";
  readonly gameId: string;
  readonly playerId: string;
  readonly writeId: string;
  /** The level that was reached; `null` unless acknowledged. */
  readonly level: Level | null;
  readonly outcome: OperationOutcome;
  /** The kind of action; `null` for what is none. */
  readonly action: string | null;
  /** From the first time that it was sent to the final answer. */
  readonly tookMs: number;
  /** How often it was sent. */
  readonly attempts: number;
  /** Why each attempt before the last was no answer. */
  readonly silences: readonly string[];
  /** The server recognised a repeated write that it had applied before. */
  readonly duplicate: boolean;
  /** The server's code for a refusal. */
  readonly code: string | null;
}

/** True for operations that are moves in a game and so appear in its log. */
export function isAction({ operation }: Operation): boolean {
  return operation === "act" || operation === "concede";
}
