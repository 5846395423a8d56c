import type { FastifyInstance, FastifyRequest } from "fastify";
import type { RequestLimits } from "../limits/request-limits.js";
import { decodeUtf8, parseJson } from "../protocol/parse-json.js";
import { countBody } from "./guards/rate-limits.js";

/** Bodies are JSON and nothing else. A long one counts before it is looked at. */
export function takeOnlyJson(app: FastifyInstance, limits: RequestLimits): void {
  app.removeAllContentTypeParsers();
  const parse = async (request: FastifyRequest, body: Buffer) => {
    countBody(limits, request, body.length);
    return body.length === 0 ? undefined : parseJson(decodeUtf8(body));
  };
  app.addContentTypeParser("application/json", { parseAs: "buffer" }, parse);
}
