import { watch } from "node:fs";
import { tsImport } from "tsx/esm/api";
import { openStores } from "./stores.js";

// `npm start`. This process stays and holds the stores, so games outlive a change of the code, also those in memory:
// when a file changes, the server and the game are imported anew, and take over.
const port = Number(process.env.PORT ?? 3000);
const stores = openStores();

const importServer = (): Promise<typeof import("./server.js")> => tsImport("./server.ts", import.meta.url);

let running = await (await importServer()).serve(stores(), port);
console.log(`http://localhost:${port} (games are kept in ${process.env.REDIS_URL ? "Redis and Postgres" : "memory"})`);

async function reload(): Promise<void> {
  try {
    const { serve } = await importServer(); // What does not even load replaces nothing.
    await running.close();
    running = await serve(stores(), port);
    console.log("reloaded");
  } catch (error) {
    console.error(error);
  }
}

let reloads = Promise.resolve();
let timer: NodeJS.Timeout | undefined;
watch(import.meta.dirname, () => {
  clearTimeout(timer); // An editor writes a file in several steps.
  timer = setTimeout(() => {
    reloads = reloads.then(reload);
  }, 100);
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, async () => {
    await reloads;
    await running.close();
    process.exit(0);
  });
}
