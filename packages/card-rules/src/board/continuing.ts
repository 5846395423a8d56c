import type { CardDefinition, CardInstance, Condition, ContinuingEffect, CreatureInPlay } from "@turnkeep/game-state";

/** What continuing effects are read from: a state, a view, or a table. */
export interface Board {
  readonly cards: Readonly<Record<string, CardDefinition>>;
  readonly stadium: CardInstance | null;
}

type Amount = Exclude<ContinuingEffect, { op: "ward" }>["op"];

/** By how much the creature's tools and the stadium change this about it. */
export function changeOf(board: Board, creature: CreatureInPlay, op: Amount): number {
  let sum = 0;
  for (const effect of effectsOn(board, creature)) if (effect.op === op) sum += effect.amount;
  return sum;
}

export function hitPointsOf(board: Board, creature: CreatureInPlay): number {
  const definition = board.cards[creature.definitionId];
  const printed = definition?.kind === "creature" ? definition.hitPoints : 0;
  return printed + changeOf(board, creature, "hitPoints");
}

export function retreatCostOf(board: Board, creature: CreatureInPlay): number {
  const definition = board.cards[creature.definitionId];
  const printed = definition?.kind === "creature" ? definition.retreatCost : 0;
  return Math.max(0, printed + changeOf(board, creature, "retreatCost"));
}

export function isWarded(board: Board, creature: CreatureInPlay, condition: Condition): boolean {
  return effectsOn(board, creature).some((effect) => effect.op === "ward" && effect.condition === condition);
}

/** What an attack of so much damage does to the active creature that it hits. */
export function damageDealt(board: Board, attacker: CreatureInPlay, defender: CreatureInPlay, plain: number): number {
  const attacking = board.cards[attacker.definitionId];
  const defending = board.cards[defender.definitionId];
  if (plain === 0 || attacking?.kind !== "creature" || defending?.kind !== "creature") return 0;
  const raised = Math.max(0, plain + changeOf(board, attacker, "attackDamage"));
  const doubled = defending.weakness === attacking.element ? raised * 2 : raised;
  return Math.max(0, doubled + changeOf(board, defender, "damageTaken"));
}

function effectsOn(board: Board, creature: CreatureInPlay): readonly ContinuingEffect[] {
  if (board.stadium === null && creature.tools.length === 0) return none;
  const definition = board.cards[creature.definitionId];
  const element = definition?.kind === "creature" ? definition.element : null;
  const sources = board.stadium === null ? creature.tools : [...creature.tools, board.stadium];
  return sources.flatMap(({ definitionId }) => {
    const source = board.cards[definitionId];
    if (source?.kind !== "tool" && source?.kind !== "stadium") return [];
    return source.continuing.filter((effect) => effect.element === null || effect.element === element);
  });
}

const none: readonly ContinuingEffect[] = [];
