import type { CreatureDefinition } from "@turnkeep/game-state";

export const groveCreatures: readonly CreatureDefinition[] = [
  {
    kind: "creature",
    id: "mosskit",
    name: "Mosskit",
    element: "grove",
    evolvesFrom: null,
    hitPoints: 60,
    attacks: [
      { name: "Burr", cost: ["grove"], damage: 10, effects: [{ op: "inflict", condition: "venomed" }] },
      {
        name: "Spore Cloud",
        cost: ["grove", "any"],
        damage: 20,
        effects: [{ op: "inflictOnHeads", condition: "dazed" }],
      },
    ],
    retreatCost: 1,
    weakness: "ember",
    prizeValue: 1,
  },
  {
    kind: "creature",
    id: "bramble-marten",
    name: "Bramble Marten",
    element: "grove",
    evolvesFrom: "mosskit",
    hitPoints: 100,
    attacks: [
      { name: "Thorn Coat", cost: ["grove"], damage: 20, effects: [{ op: "inflict", condition: "venomed" }] },
      { name: "Worry the Wound", cost: ["grove", "any"], damage: 30, effects: [{ op: "damageIfHurt", amount: 30 }] },
    ],
    retreatCost: 1,
    weakness: "ember",
    prizeValue: 1,
  },
  {
    kind: "creature",
    id: "bough-giant",
    name: "Bough Giant",
    element: "grove",
    evolvesFrom: null,
    hitPoints: 120,
    attacks: [
      { name: "Root Drink", cost: ["any"], damage: 0, effects: [{ op: "heal", amount: 20, target: "active" }] },
      { name: "Falling Timber", cost: ["grove", "any", "any"], damage: 50, effects: [] },
    ],
    retreatCost: 3,
    weakness: "ember",
    prizeValue: 2,
  },
  {
    kind: "creature",
    id: "catkin-imp",
    name: "Catkin Imp",
    element: "grove",
    evolvesFrom: null,
    hitPoints: 50,
    attacks: [
      { name: "Pollen Puff", cost: ["any"], damage: 0, effects: [{ op: "inflictOnHeads", condition: "drowsy" }] },
      { name: "Twig Flick", cost: ["grove"], damage: 20, effects: [] },
    ],
    retreatCost: 0,
    weakness: "ember",
    prizeValue: 1,
  },
];
