/** Why the rules refuse an action: the `reason` of an IllegalAction error, and the words of its message. */
export const illegalReasons = {
  gameEnded: "the game is over",
  wrongPhase: "this belongs to another part of the turn",
  forcedActionFirst: "something else has to be done first",
  notForced: "nothing asks for this now",
  cardNotInHand: "the card is not in your hand",
  wrongKindOfCard: "this kind of card is not played so",
  sameCardTwice: "a card is named twice",
  benchFull: "the bench is full",
  noSuchCreature: "there is no such creature where this looks for it",
  notBasic: "this creature evolves from another and is played onto that",
  doesNotEvolve: "the card does not evolve from this creature",
  tooSoon: "a creature evolves neither in its owner's first turn nor in the turn it came or evolved",
  hasTool: "the creature has a tool already",
  onceATurn: "this is allowed once a turn, and has been done",
  targetMissing: "the card asks for a creature to be chosen",
  targetNotWanted: "the card asks for no creature",
  noEffect: "it would do nothing",
  noSuchAttack: "the creature has no such attack",
  notEnoughEnergy: "there is not enough energy, or not of the right element",
  noAttackOnFirstTurn: "nobody attacks in the first turn of the game",
  dazed: "the creature is dazed",
  drowsy: "the creature is drowsy",
  rooted: "the creature is rooted",
  wrongNumberOfCards: "this is not the number of cards asked for",
  noDrawOffered: "no draw is offered",
  timeNotOver: "the time is not over",
} as const;

/** Codes are stable: one is never renamed nor given another meaning. */
export type IllegalReason = keyof typeof illegalReasons;
