import { conditionSchema, creaturesOf, type Effect, type GameState } from "@turnkeep/game-state";
import { switchActive } from "../board/creatures.js";
import { opponentOf, playerOf } from "../board/players.js";
import { flipCoin } from "./coin.js";
import { drawCards, recoverEnergy, renewHand, search } from "./hand-and-deck.js";
import { cure, dealDamage, discardEnergy, heal, inflict, rekindle } from "./on-creatures.js";

/** Carries out an effect for the player; `targetId` is the creature that the player chose, if any. */
export function carryOut(state: GameState, playerId: string, effect: Effect, targetId: string | null): GameState {
  const { active, bench } = playerOf(state, playerId);
  const opponentId = opponentOf(state, playerId);
  switch (effect.op) {
    case "draw":
      return drawCards(state, playerId, effect.count);
    case "renewHand":
      return renewHand(state, playerId, effect.count);
    case "search":
      return search(state, playerId, effect.kind, effect.count);
    case "recoverEnergy":
      return recoverEnergy(state, playerId, effect.count);
    case "rekindle":
      return rekindle(state, playerId, effect.target === "active" ? (active?.id ?? null) : targetId);
    case "heal": {
      if (effect.target === "chosen") return heal(state, playerId, targetId, effect.amount);
      const healed = effect.target === "active" ? creaturesOf({ active, bench: [] }) : creaturesOf({ active, bench });
      return healed.reduce((after, { id }) => heal(after, playerId, id, effect.amount), state);
    }
    case "cure":
      return cure(state, playerId, conditionSchema.options);
    case "damageBench": {
      const ids = playerOf(state, opponentId).bench.map(({ id }) => id);
      return ids.reduce((hit, id) => dealDamage(hit, opponentId, id, effect.amount), state);
    }
    case "recoil":
      return active === null ? state : dealDamage(state, playerId, active.id, effect.amount);
    case "discardEnergy":
      return discardEnergy(state, effect.from === "own" ? playerId : opponentId, effect.count);
    case "inflict":
      return inflict(state, opponentId, effect.condition);
    case "inflictOnHeads": {
      const flipped = flipCoin(state, playerId);
      return flipped.heads ? inflict(flipped.state, opponentId, effect.condition) : flipped.state;
    }
    case "switchActive":
      return targetId === null ? state : switchActive(state, playerId, targetId);
    case "dragOut":
      return targetId === null ? state : switchActive(state, opponentId, targetId);
    case "damageOnHeads":
    case "damagePerEnergy":
    case "damageIfHurt":
      // Part of the attack's damage, which has been dealt before the effects are carried out.
      return state;
  }
}
