import type { GameView } from "@turnkeep/game-state";
import * as z from "zod";
import type { Level } from "../check/operation.js";

/** A game as the server showed it to one player. */
export interface SeenGame {
  readonly gameId: string;
  /** Opaque; `null` once the game is archived. */
  readonly version: string | null;
  readonly status: "live" | "ended" | "archived";
  readonly view: GameView;
}

/** What came back for one request. `silence`: no answer, or one that settles nothing; ask again. */
export type Answer =
  | {
      readonly kind: "done";
      readonly level: Level;
      readonly duplicate: boolean;
      readonly version: string | null;
      readonly seen: SeenGame | null;
    }
  | { readonly kind: "refused"; readonly code: string }
  | { readonly kind: "silence"; readonly why: string };

export const problemSchema = z.object({ status: z.int(), code: z.string() });

/** What a problem says about the write: only some say that it will never be done. */
export function answerOf({ status, code }: z.infer<typeof problemSchema>): Answer {
  return status >= 500 || status === 429 ? { kind: "silence", why: code } : { kind: "refused", code };
}

export const levelSchema = z.enum(["writeBehind", "durable"]);

/** Read loosely: the view is the game's own affair. */
export const seenGameSchema = z.object({
  gameId: z.string(),
  version: z.string().nullable(),
  status: z.enum(["live", "ended", "archived"]),
  view: z.custom<GameView>((view) => typeof view === "object" && view !== null),
});
