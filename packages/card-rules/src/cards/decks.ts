/** A deck list: how many of which card. */
type DeckList = Readonly<Record<string, number>>;

const spread = (list: DeckList): readonly string[] =>
  Object.entries(list).flatMap(([definitionId, count]) => Array.from({ length: count }, () => definitionId));

/** Two decks of thirty cards that play against each other from the first day. */
export const starterDecks = {
  kiln: spread({
    ashpaw: 4,
    kilnback: 3,
    "gravel-ram": 3,
    "slate-warden": 2,
    "ember-energy": 7,
    "stone-energy": 5,
    "field-notes": 2,
    quartermaster: 2,
    "herb-poultice": 1,
    "signal-whistle": 1,
  }),
  marsh: spread({
    rillfin: 4,
    "lock-heron": 3,
    mosskit: 3,
    "bough-giant": 2,
    "tide-energy": 6,
    "grove-energy": 6,
    "field-notes": 2,
    quartermaster: 2,
    "herb-poultice": 1,
    "itching-powder": 1,
  }),
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type StarterDeck = keyof typeof starterDecks;
