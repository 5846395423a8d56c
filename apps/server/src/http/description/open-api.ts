import swagger from "@fastify/swagger";
import type { FastifyInstance } from "fastify";
import { createJsonSchemaTransform, jsonSchemaTransformObject } from "fastify-type-provider-zod";
import * as z from "zod";
import type { DescribedGame } from "../../games/served/served-game.js";

interface Document {
  readonly paths?: Record<string, Record<string, Operation>>;
  readonly components?: { schemas?: Record<string, object> } & Record<string, unknown>;
}

interface Operation {
  readonly responses?: Record<string, { headers?: object; content?: object }>;
}

const description = `The card game over HTTP. All but a few requests want a Bearer token.

Writes carry a \`writeId\` that the client chooses: the same one again is the same write, on whatever server. Errors are
\`application/problem+json\`; their \`code\` tells them apart and never changes its meaning. Game answers carry their
version as \`ETag\`, for \`If-None-Match\` and \`If-Match\`. New versions are pushed over a WebSocket at \`/ws\`, which
takes actions as well: \`/asyncapi.json\` describes it.`;

/** Collects all routes that are added after it, and describes them at `/openapi.json`. */
export async function addOpenApi(app: FastifyInstance, game: DescribedGame | undefined): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: { title: "Turnkeep game server", version: "1", description, license: { name: "MIT", identifier: "MIT" } },
      servers: [{ url: "/" }],
      tags: [
        { name: "games", description: "Games that are being played" },
        { name: "lists", description: "Which games there are, and were" },
        { name: "demo", description: "Demo mode only" },
        { name: "health", description: "For operators and load balancers" },
      ],
      components: { securitySchemes: { bearer: { type: "http", scheme: "bearer", bearerFormat: "JWT" } } },
    },
    // What says nothing of itself is no part of the API: the page, the sockets.
    transform: (route) => (route.schema ? schemaTransform(route) : { schema: { hide: true }, url: route.url }),
    transformObject: (document) => complete(jsonSchemaTransformObject(document) as Document, game) as object,
  });
  let text: string | undefined;
  app.get("/openapi.json", async (_request, reply) => {
    text ??= JSON.stringify(app.swagger());
    return reply.type("application/json").header("cache-control", "no-cache").send(text);
  });
}

const schemaTransform = createJsonSchemaTransform({});

/** Puts in the game's own schemas, says which headers come, and leaves out what nothing refers to. */
function complete(document: Document, game: DescribedGame | undefined): Document {
  const schemas = { ...document.components?.schemas };
  const own = { GameView: game?.view, ActionInput: game?.action, RulesInput: game?.rules };
  for (const [name, schema] of Object.entries(own)) if (schema !== undefined) schemas[name] = toJson(schema, name);
  for (const operations of Object.values(document.paths ?? {})) {
    for (const { responses } of Object.values(operations)) addResponseHeaders(responses ?? {});
  }
  return { ...document, components: { ...document.components, schemas: onlyReferred(document.paths, schemas) } };
}

function toJson(schema: z.ZodType, name: string): object {
  const { $schema, ...rest } = z.toJSONSchema(schema, {
    io: name.endsWith("Input") ? "input" : "output",
    reused: "inline",
    unrepresentable: "any",
  });
  return rest;
}

const textHeader = (description: string) => ({ description, schema: { type: "string" } });

function addResponseHeaders(responses: NonNullable<Operation["responses"]>): void {
  for (const [status, response] of Object.entries(responses)) {
    if (status === "429" || status === "503") response.headers = { "Retry-After": textHeader("seconds to wait") };
    if (/"#\/components\/schemas\/(Game|ActAnswer)"/.test(JSON.stringify(response.content ?? {}))) {
      response.headers = { ETag: textHeader("the version, in quotes; none once archived or while stale") };
    }
  }
}

/** Those schemas that a path refers to, be it through others. */
function onlyReferred(paths: object | undefined, schemas: Record<string, object>): Record<string, object> {
  const wanted = new Map<string, object>();
  const visit = (part: unknown) => {
    for (const [, name = ""] of JSON.stringify(part ?? {}).matchAll(/"#\/components\/schemas\/([^"/]+)/g)) {
      const schema = schemas[name];
      if (wanted.has(name) || schema === undefined) continue;
      wanted.set(name, schema);
      visit(schema);
    }
  };
  visit(paths);
  return Object.fromEntries([...wanted].sort(([a], [b]) => a.localeCompare(b)));
}
