import { isCanonicalUuid, type JsonValue } from "@turnkeep/core";
import type { GameFacts } from "@turnkeep/core/ports";
import type { Context } from "../context.js";
import type { CreateFacts } from "../types.js";

const npcPrefix = "npc:";

/** The users among a state's players: whoever has a UUID for an id. */
export function userIdsOf(players: readonly string[]): string[] {
  return players.filter(isCanonicalUuid);
}

/** The id of the NPC among a state's players, `npc:<id>` there; `null` if all are human. */
export function npcIdOf(players: readonly string[]): string | null {
  const npc = players.find((player) => player.startsWith(npcPrefix));
  return npc === undefined ? null : npc.slice(npcPrefix.length);
}

/** What the record says of a new game: as given, else as the state tells. Given rules count also when they are `{}`. */
export function factsOf<State extends object>(
  ctx: Context<State>,
  state: State,
  given: Partial<CreateFacts>,
): GameFacts {
  const players = ctx.game.playersOf(state);
  const rules = given.rulesConfig !== undefined ? given.rulesConfig : (ctx.game.rulesOf(state) as JsonValue);
  return {
    gameType: given.gameType ?? "campaign",
    playerIds: given.playerIds ?? userIdsOf(players),
    npcId: given.npcId !== undefined ? given.npcId : npcIdOf(players),
    rules: ctx.codec.encodeEntry(rules ?? {}),
  };
}
