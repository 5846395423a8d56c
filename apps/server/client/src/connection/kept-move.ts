import type { CardAction } from "@turnkeep/card-rules";

/** A move that was sent, and whose answer has not come. */
export interface KeptMove {
  readonly writeId: string;
  readonly playerId: string;
  readonly action: CardAction;
  /** The version that the player saw; `null` where none was known. */
  readonly version: string | null;
}

const keyOf = (gameId: string): string => `turnkeep.move.${gameId}`;

/** Keeps it as long as there is this tab: a reload or a crash of it forgets no move, and no write id. */
export function keepMove(gameId: string, move: KeptMove): void {
  sessionStorage.setItem(keyOf(gameId), JSON.stringify(move));
}

/** The move of this player that may or may not be done. */
export function keptMove(gameId: string, playerId: string): KeptMove | null {
  try {
    const kept = JSON.parse(sessionStorage.getItem(keyOf(gameId)) ?? "null") as KeptMove | null;
    return kept?.playerId === playerId ? kept : null;
  } catch {
    return null;
  }
}

/** Once it is known what became of it. */
export function forgetMove(gameId: string, { writeId, playerId }: KeptMove): void {
  if (keptMove(gameId, playerId)?.writeId === writeId) sessionStorage.removeItem(keyOf(gameId));
}
