import { readdirSync } from "node:fs";
import { defineConfig } from "vitest/config";

const rooms = ["packages", "apps", "examples"].flatMap((house) =>
  readdirSync(new URL(house, import.meta.url)).map((room) => `${house}/${room}`),
);
const conditions = ["@turnkeep/source", "node", "import", "module", "default"];

/** One project a package; the servers are started once, by the root. A file's suffix says which server it needs. */
export default defineConfig({
  test: {
    globalSetup: ["packages/dev-services/src/vitest-global-setup.ts"],
    projects: rooms.map((root) => ({
      extends: true as const,
      root,
      resolve: { conditions },
      ssr: { resolve: { conditions, externalConditions: conditions } },
      test: { name: root, include: ["src/**/*.test.ts"], testTimeout: 30_000, hookTimeout: 60_000 },
    })),
  },
});
