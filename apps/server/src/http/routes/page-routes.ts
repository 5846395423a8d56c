import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { FastifyPluginAsync } from "fastify";

const files = [
  { path: "/", file: "index.html", type: "text/html; charset=utf-8" },
  { path: "/page.css", file: "page.css", type: "text/css; charset=utf-8" },
  { path: "/page.js", file: "page.js", type: "text/javascript; charset=utf-8" },
  { path: "/icon.svg", file: "icon.svg", type: "image/svg+xml" },
] as const;

/**
 * The page that people play and watch on: a handful of files, read once. Where it has not been built, as when the
 * server runs from its sources, there is none.
 */
export const pageRoutes: FastifyPluginAsync<{ folder: URL }> = async (app, { folder }) => {
  for (const { path, file, type } of files) {
    const content = await readFile(new URL(file, folder)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
      app.log.warn({ file }, "a file of the page is missing: it has not been built");
      return null;
    });
    if (content === null) continue;
    const etag = `"${createHash("sha256").update(content).digest("base64url").slice(0, 22)}"`;
    app.get(path, async (request, reply) => {
      reply.header("etag", etag).header("cache-control", "no-cache");
      if (request.headers["if-none-match"] === etag) return reply.status(304).send();
      return reply.type(type).send(content);
    });
  }
};
