import { expect, it } from "vitest";
import { gameStateJsonSchema, gameViewJsonSchema, outcomeJsonSchema } from "./index.js";

it("the state's JSON Schema names its fields, allows no others, and pins the schema version", () => {
  expect(gameStateJsonSchema()).toMatchObject({
    $schema: "https://json-schema.org/draft/2020-12/schema",
    type: "object",
    additionalProperties: false,
    required: expect.arrayContaining(["schemaVersion", "gameId", "players", "turnOrder", "result"]),
    properties: { schemaVersion: { const: 3 }, gameType: { $ref: "#/$defs/GameType" } },
    $defs: { GameType: { enum: ["campaign", "freeplay", "ranked"] } },
  });
});

it("the view's JSON Schema has counts where the state has decks, and no random numbers", () => {
  const view = gameViewJsonSchema();
  expect(JSON.stringify(view)).toContain("deckCount");
  expect(view).not.toHaveProperty("properties.random");
});

it.each([
  ["game-state", gameStateJsonSchema(), "PlayerState"],
  ["game-view", gameViewJsonSchema(), "PlayerView"],
  ["outcome", outcomeJsonSchema(), "EndReason"],
])("the JSON Schema of %s is JSON itself, has an id and a title, and names its parts", (name, schema, part) => {
  const text = JSON.stringify(schema);
  expect(JSON.parse(text)).toEqual(schema);
  expect(schema).toMatchObject({ $id: `urn:turnkeep:card-game:${name}:3`, title: expect.stringMatching(/\w/) });
  const referred = [...text.matchAll(/"\$ref":"#\/\$defs\/(\w+)"/g)].map(([, found]) => found ?? "");
  expect(new Set(referred)).toEqual(new Set(Object.keys(Object(schema.$defs))));
  expect(referred).toContain(part);
  expect(text.match(/"\$ref":/g)).toHaveLength(referred.length);
});
