import { measureBundle } from "./measure-bundle.js";

const page = 'export { viewOf } from "./page.js";';
const oneFunction = 'export { viewFor } from "@turnkeep/game-state";';
for (const [name, code] of Object.entries({ "the page": page, "viewFor alone": oneFunction })) {
  const { gzipped, ownGzipped } = await measureBundle(code);
  console.log(`${name}: ${gzipped} bytes gzipped, ${ownGzipped} without zod`);
}
