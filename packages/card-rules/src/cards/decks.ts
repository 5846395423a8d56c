/** A deck list: how many of which card. */
type DeckList = Readonly<Record<string, number>>;

const spread = (list: DeckList): readonly string[] =>
  Object.entries(list).flatMap(([definitionId, count]) => Array.from({ length: count }, () => definitionId));

/** Two decks of thirty cards that play against each other from the first day. */
export const starterDecks = {
  kiln: spread({
    ashpaw: 3,
    bellowsfang: 2,
    kilnback: 2,
    "gravel-ram": 2,
    "scree-bull": 1,
    "slate-warden": 1,
    "ember-energy": 7,
    "stone-energy": 4,
    quartermaster: 2,
    "scout-report": 1,
    "herb-poultice": 1,
    "quilted-coat": 1,
    "dry-moor": 1,
    whetstone: 1,
    "fuel-merchant": 1,
  }),
  marsh: spread({
    rillfin: 3,
    "sluice-serpent": 2,
    "lock-heron": 2,
    mosskit: 2,
    "bramble-marten": 1,
    "bough-giant": 1,
    "tide-energy": 6,
    "grove-energy": 5,
    quartermaster: 2,
    "scout-report": 1,
    "herb-poultice": 1,
    "itching-powder": 1,
    "high-scaffold": 1,
    "signal-whistle": 1,
    "new-recruits": 1,
  }),
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type StarterDeck = keyof typeof starterDecks;
