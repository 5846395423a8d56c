import { once } from "node:events";
import { connect } from "node:net";
import { to as copyTo } from "pg-copy-streams";
import type { Limit } from "./limit.js";

/** Of Postgres's binary form, before the first row. */
const headerBytes = 19;
const okReply = "+OK\r\n";
const lineEnd = Buffer.from("\r\n");

/** All rows by one COPY, each sent to the socket of Redis as a SET: the least that passes a table through one process. */
export async function recoverByCopy({ db, redis, table, keyOf }: Limit): Promise<void> {
  const { host = "127.0.0.1", port = 6_379 } = redis.options;
  const socket = connect(port, host);
  const client = await db.connect();
  let answered = 0;
  socket.on("data", (bytes) => {
    answered += bytes.length;
  });
  try {
    let sent = 0;
    let unread = Buffer.alloc(0);
    let skip = headerBytes;
    const copy = client.query(copyTo(`COPY (SELECT id::text, state FROM ${table}) TO STDOUT (FORMAT binary)`));
    for await (const chunk of copy as AsyncIterable<Buffer>) {
      const bytes = Buffer.concat([unread, chunk]);
      const { parts, rows, end } = commandsIn(bytes, skip, keyOf);
      skip = 0;
      sent += rows;
      unread = bytes.subarray(end);
      if (rows > 0 && !socket.write(Buffer.concat(parts))) await once(socket, "drain");
    }
    while (answered < sent * okReply.length) await once(socket, "data");
    if (answered !== sent * okReply.length) throw new Error("Redis answered with something other than OK");
  } finally {
    client.release();
    socket.destroy();
  }
}

/** The commands for the whole rows in these bytes, and where the first row begins that is cut off. */
function commandsIn(bytes: Buffer, from: number, keyOf: (gameId: string) => string) {
  const parts: Buffer[] = [];
  let rows = 0;
  let end = from;
  while (end + 6 <= bytes.length && bytes.readInt16BE(end) === 2) {
    const id = end + 6;
    const idEnd = id + bytes.readInt32BE(end + 2);
    if (idEnd + 4 > bytes.length) break;
    const state = idEnd + 4;
    const stateBytes = bytes.readInt32BE(idEnd);
    if (state + stateBytes > bytes.length) break;
    const key = keyOf(bytes.toString("latin1", id, idEnd));
    const head = `*3\r\n$3\r\nSET\r\n$${key.length}\r\n${key}\r\n$${stateBytes}\r\n`;
    parts.push(Buffer.from(head), bytes.subarray(state, state + stateBytes), lineEnd);
    rows += 1;
    end = state + stateBytes;
  }
  return { parts, rows, end };
}
