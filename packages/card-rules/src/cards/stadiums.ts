import type { StadiumDefinition } from "@turnkeep/game-state";

/** Places that change the game for both sides. */
export const stadiums: readonly StadiumDefinition[] = [
  { kind: "stadium", id: "sunken-mill", name: "Sunken Mill", continuing: [{ op: "mend", amount: 10, element: null }] },
  {
    kind: "stadium",
    id: "high-scaffold",
    name: "High Scaffold",
    continuing: [{ op: "retreatCost", amount: -1, element: null }],
  },
  {
    kind: "stadium",
    id: "dry-moor",
    name: "Dry Moor",
    continuing: [
      { op: "attackDamage", amount: 10, element: "ember" },
      { op: "hitPoints", amount: -10, element: "grove" },
    ],
  },
  {
    kind: "stadium",
    id: "standing-stones",
    name: "Standing Stones",
    continuing: [
      { op: "hitPoints", amount: 20, element: "stone" },
      { op: "ward", condition: "dazed", element: "stone" },
    ],
  },
  {
    kind: "stadium",
    id: "walled-garden",
    name: "Walled Garden",
    continuing: [
      { op: "ward", condition: "venomed", element: null },
      { op: "ward", condition: "scorched", element: null },
    ],
  },
];
