// Writes the JSON Schemas as files, from what was just built, for those who read them without running this package.
import { writeFileSync } from "node:fs";
import { gameStateJsonSchema, gameViewJsonSchema, outcomeJsonSchema } from "./dist/json-schema/index.js";

const schemas = {
  "game-state": gameStateJsonSchema(),
  "game-view": gameViewJsonSchema(),
  outcome: outcomeJsonSchema(),
};
for (const [name, schema] of Object.entries(schemas)) {
  const file = new URL(`./dist/json-schema/${name}.schema.json`, import.meta.url);
  writeFileSync(file, `${JSON.stringify(schema, null, 2)}\n`);
}
