import { type Codec, type GameDefinition, type GameId, isTurnkeepError } from "@turnkeep/core";

/** A state, or why this process cannot read it, without anything of the document. */
export type DocumentRead<State> = { readonly state: State } | { readonly unreadable: string };

/** Reads a stored state as this process reads it: upcast, validated, and of the game that it is stored for. */
export function readDocument<State extends object>(
  codec: Pick<Codec<State>, "decodeState">,
  game: Pick<GameDefinition<State, unknown>, "idOf">,
  gameId: GameId,
  text: string,
): DocumentRead<State> {
  try {
    const state = codec.decodeState(text);
    return game.idOf(state) === gameId ? { state } : { unreadable: "the document carries the id of another game" };
  } catch (error) {
    return { unreadable: reasonOf(error) };
  }
}

/** The codec's messages hold nothing of a document; those of a game's own functions may, and are left out. */
export function reasonOf(error: unknown): string {
  return isTurnkeepError(error) ? error.message : "the game's own functions fail on it";
}
