import type { Socket } from "node:net";
import { transportProblem } from "../../protocol/problem.js";

const refusals: Readonly<Record<string, readonly [status: number, title: string]>> = {
  HPE_HEADER_OVERFLOW: [431, "Request Header Fields Too Large"],
  ERR_HTTP_REQUEST_TIMEOUT: [408, "Request Timeout"],
};

/** Answers what is not even HTTP, and ends the connection. */
export function answerClientError({ code }: NodeJS.ErrnoException, socket: Socket, requestId: string): void {
  if (code === "ECONNRESET" || !socket.writable) return void socket.destroy();
  const [status, title] = refusals[code ?? ""] ?? [400, "Bad Request"];
  const body = JSON.stringify(transportProblem(status, title, requestId));
  const headers = ["content-type: application/problem+json", `content-length: ${Buffer.byteLength(body)}`];
  socket.end([`HTTP/1.1 ${status} ${title}`, ...headers, "connection: close", "", body].join("\r\n"), () =>
    socket.destroy(),
  );
}
