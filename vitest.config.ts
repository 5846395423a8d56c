import { existsSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { patienceMs } from "./testing/dev-services/src/patience.js";

const top = fileURLToPath(new URL(".", import.meta.url));
const folders = [
  ...["packages", "apps", "examples", "testing"].flatMap((parent) =>
    readdirSync(`${top}${parent}`).map((name) => `${parent}/${name}`),
  ),
  "bench",
];
const conditions = ["@turnkeep/source", "node", "default"];

/**
 * One project a folder, named after it. The servers are started once, by the root: projects do not
 * extend it, or each would start its own. A file's suffix says which server it needs.
 */
export default defineConfig({
  test: {
    // Most tests wait for servers, so that even two cores have time for one file more each.
    maxWorkers: availableParallelism() + 1,
    globalSetup: [`${top}testing/dev-services/src/vitest-global-setup.ts`],
    projects: folders
      .filter((folder) => existsSync(`${top}${folder}/package.json`))
      .map((folder) => ({
        root: `${top}${folder}`,
        resolve: { conditions },
        ssr: { resolve: { conditions, externalConditions: ["@turnkeep/source"] } },
        test: {
          name: folder,
          include: ["src/**/*.test.ts"],
          // A worker loads a project's modules once for all its files; what they share is theirs to leave as it was.
          isolate: false,
          restoreMocks: true,
          // Tests make much garbage in little time: most of it is gone before it is looked at.
          execArgv: ["--max-semi-space-size=64"],
          setupFiles: [`${top}testing/dev-services/src/vitest-setup.ts`],
          // Not a test of speed: what is right passes on a machine that is many times slower.
          testTimeout: 4 * patienceMs,
          hookTimeout: 4 * patienceMs,
          expect: { poll: { timeout: patienceMs } },
        },
      })),
  },
});
