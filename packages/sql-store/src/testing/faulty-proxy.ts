import type { AddressInfo } from "node:net";
import { connect, createServer, type Socket } from "node:net";

/**
 * Stands between a client and a server. `swallow` stops to pass anything on while both connections stay open;
 * `loseReplyTo` passes on the next message that holds this text, and ends its connection in place of the reply.
 */
export async function startFaultyProxy(target: URL) {
  let swallows = false;
  let unanswered: string | null = null;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(target.port || 5432), target.hostname);
    const ends = [client, upstream] as const;
    let losesReply = false;
    client.on("data", (data) => {
      if (unanswered === null || !data.includes(unanswered)) return;
      unanswered = null;
      losesReply = true;
    });
    for (const [from, to] of [ends, ends.toReversed()] as [Socket, Socket][]) {
      sockets.add(from);
      from.on("data", (data) => {
        if (losesReply && from === upstream) client.destroy();
        else if (!swallows) to.write(data);
      });
      from.on("error", () => {});
      from.on("close", () => to.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = new URL(target);
  url.hostname = "127.0.0.1";
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    swallow: () => {
      swallows = true;
    },
    loseReplyTo: (text: string) => {
      unanswered = text;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
