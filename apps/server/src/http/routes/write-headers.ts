import type { FastifyRequest } from "fastify";
import { invalidInput } from "../../games/refusals.js";

/**
 * Lets `Idempotency-Key` stand for the body's `writeId`, and `If-Match` for its `expectedVersion`: they become part of
 * the body before it is checked, so that one rule holds for both. A body that says otherwise is refused.
 */
export async function foldWriteHeaders(request: FastifyRequest): Promise<void> {
  const { headers } = request;
  const key = textOf(headers["idempotency-key"]);
  const tag = headers["if-match"];
  if (key === undefined && tag === undefined) return;
  const body = request.body ?? {};
  if (typeof body !== "object" || Array.isArray(body)) return;
  request.body = {
    ...body,
    ...(key === undefined ? {} : folded(body, "writeId", unquoted(key), "Idempotency-Key")),
    ...(tag === undefined ? {} : folded(body, "expectedVersion", versionOf(tag), "If-Match")),
  };
}

function textOf(header: string | string[] | undefined): string | undefined {
  if (Array.isArray(header)) throw invalidInput("Idempotency-Key: give one");
  return header;
}

/** A key may come as a quoted text, as the header's draft standard has it. */
function unquoted(key: string): string {
  return /^"(.*)"$/.exec(key)?.[1] ?? key;
}

function versionOf(tag: string): string {
  const version = /^"([^"]+)"$/.exec(tag)?.[1];
  if (version === undefined) throw invalidInput("If-Match: one strong ETag of the game");
  return version.replace(/-(live|ended)$/, "");
}

function folded(body: object, field: "writeId" | "expectedVersion", value: string, header: string): object {
  const said: unknown = Object.getOwnPropertyDescriptor(body, field)?.value;
  if (said !== undefined && said !== value) throw invalidInput(`${header}: the body's ${field} is another`);
  return { [field]: value };
}
