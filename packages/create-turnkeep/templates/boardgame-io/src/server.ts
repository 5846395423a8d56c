import { readFile } from "node:fs/promises";
import { createBoardgameStorage } from "@turnkeep/boardgame-io";
import { Server } from "boardgame.io/server";
import { build } from "esbuild";
import { game } from "./game.js";
import type { Stores } from "./stores.js";

/** boardgame.io's own server, with its lobby and its sockets; the matches are kept by Turnkeep. */
export async function serve(stores: Stores, port: number) {
  const db = createBoardgameStorage(stores);
  const server = Server({ games: [game], db, origins: [/^http:\/\/localhost:/] });
  const file = (path: string, type: string, read: () => Promise<string>) =>
    server.router.get(path, async (ctx: { type: string; body: string }) => {
      ctx.type = type;
      ctx.body = await read();
    });
  file("/", "html", () => readFile("public/index.html", "utf8"));
  file("/style.css", "css", () => readFile("public/style.css", "utf8"));
  file("/page.js", "js", bundlePage);
  const running = await server.run(port);
  const { _io: sockets } = server.app as unknown as { _io: { close(): void } };
  let closed: Promise<void> | undefined;
  return {
    close(): Promise<void> {
      if (closed === undefined) {
        sockets.close(); // The players' pages connect again, to the server that comes next.
        server.kill(running);
        closed = db.close();
      }
      return closed;
    },
  };
}

/** The page with boardgame.io's client and the game, which it plays by as well. */
async function bundlePage(): Promise<string> {
  const { outputFiles } = await build({ entryPoints: ["public/page.js"], bundle: true, format: "esm", write: false });
  return outputFiles[0]?.text ?? "";
}
