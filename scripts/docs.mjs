// The reference of all packages, from their code.
import { writeFileSync } from "node:fs";
import { bootstrap } from "./lib/bootstrap.mjs";
import { generate } from "./lib/check-list.mjs";
import { indexFile, readReference } from "./lib/reference.mjs";
import { runMain } from "./lib/user-error.mjs";

await runMain(async () => {
  await bootstrap();
  await generate();
  const { index, writePages } = await readReference();
  writeFileSync(indexFile, index);
  await writePages();
  return 0;
});
