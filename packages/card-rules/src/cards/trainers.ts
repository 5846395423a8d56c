import type { TrainerDefinition } from "@turnkeep/game-state";

/** The trainer cards of the first set. */
export const trainers: readonly TrainerDefinition[] = [
  {
    kind: "trainer",
    id: "field-notes",
    name: "Field Notes",
    role: "item",
    effects: [{ op: "draw", count: 1 }],
  },
  {
    kind: "trainer",
    id: "quartermaster",
    name: "Quartermaster",
    role: "supporter",
    effects: [{ op: "draw", count: 3 }],
  },
  {
    kind: "trainer",
    id: "herb-poultice",
    name: "Herb Poultice",
    role: "item",
    effects: [{ op: "heal", amount: 30, target: "chosen" }],
  },
  {
    kind: "trainer",
    id: "signal-whistle",
    name: "Signal Whistle",
    role: "item",
    effects: [{ op: "switchActive" }],
  },
  {
    kind: "trainer",
    id: "itching-powder",
    name: "Itching Powder",
    role: "supporter",
    effects: [{ op: "inflict", condition: "venomed" }],
  },
];
