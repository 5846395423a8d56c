// The reference of all packages, from their code.
import { writeFileSync } from "node:fs";
import { bootstrap } from "./lib/bootstrap.mjs";
import { generate } from "./lib/check-list.mjs";
import { runMain } from "./lib/user-error.mjs";

await runMain(async () => {
  await bootstrap();
  await generate();
  // Installed only now on a bare machine.
  const { indexFile, readReference } = await import("./lib/reference.mjs");
  const { index, writePages } = await readReference();
  writeFileSync(indexFile, index);
  await writePages();
  return 0;
});
