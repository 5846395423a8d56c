import {
  actionSchema,
  authenticateMessageSchema,
  clientMessageSchemas,
  closeCodes,
  gameResultSchema,
  problemSchema,
  serverMessageSchemas,
  viewSchema,
} from "@turnkeep/api/schemas";
import type { FastifyInstance } from "fastify";
import * as z from "zod";
import type { DescribedGame } from "../../games/served/served-game.js";
import { socketPath } from "../../socket/socket-routes.js";

const description = `The card game over a WebSocket. Each message is one JSON text.

The first message must be \`authenticate\`, within a few seconds. Messages are answered one after the other, in their
order; an answer repeats the \`requestId\` of its message. Every message may be answered with \`error\`, whose problem is
the one that HTTP would have answered. \`news\` comes only to who named a version, \`since\`. After \`watching\` each
new version comes as a \`view\`, from whichever server it was made on; of views that a slow client has not taken only the
newest waits. The last one has the status \`archived\`; of a game that was deleted \`gone\` comes instead. An action
with the \`writeId\` of an earlier one, over HTTP as well, is the same write.`;

/** How a message of clients is answered, beside \`error\`. */
const exchanges = {
  authenticate: { summary: "Say who one is", answers: ["authenticated"] },
  watch: { summary: "Be shown a game and all its new versions", answers: ["watching", "news", "view", "gone"] },
  unwatch: { summary: "Be shown a game no longer", answers: ["unwatched"] },
  act: { summary: "Play an action", answers: ["done"] },
} as const satisfies Record<ClientType, { summary: string; answers: readonly ServerType[] }>;

const ofClients = { authenticate: authenticateMessageSchema, ...clientMessageSchemas } as const;
type ClientType = keyof typeof ofClients;
type ServerType = keyof typeof serverMessageSchemas;

/** Why the server closes: the names of the codes, for who reads. */
const closings = Object.entries(closeCodes).map(([name, code]) => `${code} (${name})`);

/** Describes at `/asyncapi.json` what is said over sockets, by the schemas that validate it. */
export function addAsyncApi(app: FastifyInstance, game: DescribedGame | undefined): void {
  let text: string | undefined;
  app.get("/asyncapi.json", async (_request, reply) => {
    text ??= JSON.stringify(describeSocket(game));
    return reply.type("application/json").header("cache-control", "no-cache").send(text);
  });
}

/** The document, AsyncAPI 3.0. */
function describeSocket(game: DescribedGame | undefined): object {
  const channel = { $ref: "#/channels/socket" };
  const said = (type: ClientType | ServerType) => ({ $ref: `#/channels/socket/messages/${type}` });
  const received = Object.entries(exchanges).map(([type, { summary, answers }]) => {
    const messages = [...answers, "error" as const].map(said);
    const operation = { action: "receive", channel, summary, messages: [said(type as ClientType)] };
    return [type, { ...operation, reply: { channel, messages } }];
  });
  const pushed = { action: "send", channel, summary: "Show a watched game", messages: [said("view"), said("gone")] };
  const types = [...Object.keys(ofClients), ...Object.keys(serverMessageSchemas)];
  return {
    asyncapi: "3.0.0",
    info: { title: "Turnkeep game server", version: "1", description, license: { name: "MIT" } },
    defaultContentType: "application/json",
    channels: {
      socket: {
        address: socketPath,
        description: `The server closes it with ${closings.join(", ")}.`,
        messages: Object.fromEntries(types.map((type) => [type, { $ref: `#/components/messages/${type}` }])),
        bindings: { ws: { method: "GET", bindingVersion: "0.1.0" } },
      },
    },
    operations: { ...Object.fromEntries(received), show: pushed },
    components: {
      messages: Object.fromEntries(
        types.map((type) => [type, { name: type, payload: { $ref: `#/components/schemas/${type}` } }]),
      ),
      schemas: { ...schemasOf(ofClients, "input", game), ...schemasOf(serverMessageSchemas, "output", game) },
    },
  };
}

/** JSON Schemas of the messages, and of what they share; the game's own stand where its parts are. */
function schemasOf(
  messages: Record<string, z.ZodType>,
  io: "input" | "output",
  game: DescribedGame | undefined,
): Record<string, object> {
  const registry = z.registry<{ id: string }>();
  const shared =
    io === "input"
      ? { Action: actionSchema }
      : { GameView: viewSchema, GameResult: gameResultSchema, Problem: problemSchema };
  for (const [id, schema] of Object.entries({ ...messages, ...shared })) registry.add(schema, { id });
  const options = { target: "draft-7", reused: "inline", unrepresentable: "any", io } as const;
  const { schemas } = z.toJSONSchema(registry, { ...options, uri: (id) => `#/components/schemas/${id}` });
  const own = io === "input" ? { Action: game?.action } : { GameView: game?.view };
  const ofGame = Object.entries(own).flatMap(([id, schema]) =>
    schema === undefined ? [] : [[id, z.toJSONSchema(schema, options)] as const],
  );
  return Object.fromEntries([...Object.entries(schemas), ...ofGame].map(([id, schema]) => [id, withoutNames(schema)]));
}

/** Where a schema stands names it; dialect and id of its own would make its references point elsewhere. */
function withoutNames({ $schema, $id, id, ...rest }: Record<string, unknown>): object {
  return rest;
}
