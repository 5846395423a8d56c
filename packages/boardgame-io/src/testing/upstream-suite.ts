import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { transformSync } from "esbuild";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type BoardgameStorage, createBoardgameStorage } from "../storage.js";
import type { Place } from "./places.js";

const require = createRequire(import.meta.url);

/**
 * boardgame.io ships the tests of its own storages. They run here as they are, with this storage in the other's place:
 * `clear`, which only that one has, moves on to a new and empty place.
 */
export function upstreamSuite(newPlace: () => Place): void {
  const path = join(dirname(require.resolve("boardgame.io/package.json")), "src/server/db/flatfile.test.ts");
  const { code } = transformSync(readFileSync(path, "utf8"), { loader: "ts", format: "cjs" });
  const open: BoardgameStorage[] = [];
  const next = async (): Promise<BoardgameStorage> => {
    const storage = createBoardgameStorage({ ...newPlace().stores(), onError: fail });
    await storage.connect();
    open.push(storage);
    return storage;
  };
  class Replacement {
    async connect(): Promise<void> {
      Object.setPrototypeOf(this, bound(await next(), this));
    }
    async clear(): Promise<void> {
      await this.connect();
    }
  }
  const bound = (storage: BoardgameStorage, { connect, clear }: Replacement) => ({
    ...Object.fromEntries(
      (["createMatch", "fetch", "setState", "setMetadata", "wipe", "listMatches"] as const).map((method) => [
        method,
        (...args: unknown[]) => (storage[method] as (...args: unknown[]) => unknown).apply(storage, args),
      ]),
    ),
    connect,
    clear,
  });
  const scope = { describe, test, expect, beforeAll, beforeEach, afterEach, afterAll };
  const load = (name: string) => (name === "./flatfile" ? { FlatFile: Replacement } : {});
  new Function("require", "exports", ...Object.keys(scope), code)(load, {}, ...Object.values(scope));
  afterAll(async () => {
    await Promise.all(open.map((storage) => storage.close()));
  });
}

/** Nothing that these tests do is refused. */
function fail(error: unknown): never {
  throw error;
}
