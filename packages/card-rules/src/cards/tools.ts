import type { ToolDefinition } from "@turnkeep/game-state";

/** What creatures wear. */
export const tools: readonly ToolDefinition[] = [
  {
    kind: "tool",
    id: "quilted-coat",
    name: "Quilted Coat",
    continuing: [{ op: "damageTaken", amount: -10, element: null }],
  },
  { kind: "tool", id: "whetstone", name: "Whetstone", continuing: [{ op: "attackDamage", amount: 10, element: null }] },
  { kind: "tool", id: "ration-tin", name: "Ration Tin", continuing: [{ op: "hitPoints", amount: 20, element: null }] },
  {
    kind: "tool",
    id: "borrowed-stilts",
    name: "Borrowed Stilts",
    continuing: [{ op: "retreatCost", amount: -2, element: null }],
  },
  {
    kind: "tool",
    id: "garlic-collar",
    name: "Garlic Collar",
    continuing: [
      { op: "ward", condition: "venomed", element: null },
      { op: "ward", condition: "drowsy", element: null },
    ],
  },
];
