import { expect, it } from "vitest";
import { gameStateJsonSchema, gameViewJsonSchema, outcomeJsonSchema } from "./index.js";

it("the state's JSON Schema names its fields, allows no others, and pins the schema version", () => {
  expect(gameStateJsonSchema()).toMatchObject({
    $schema: "https://json-schema.org/draft/2020-12/schema",
    type: "object",
    additionalProperties: false,
    required: expect.arrayContaining(["schemaVersion", "gameId", "players", "turnOrder", "result"]),
    properties: { schemaVersion: { const: 3 }, gameType: { enum: ["campaign", "freeplay", "ranked"] } },
  });
});

it("the view's JSON Schema has counts where the state has decks, and no random numbers", () => {
  const view = gameViewJsonSchema();
  expect(JSON.stringify(view)).toContain("deckCount");
  expect(view).not.toHaveProperty("properties.random");
});

it("the JSON Schemas are JSON themselves", () => {
  for (const schema of [gameStateJsonSchema(), gameViewJsonSchema(), outcomeJsonSchema()]) {
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
  }
});
