import { Socket } from "node:net";

/** What this process has exchanged with its servers. */
export interface Traffic {
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** How often something was sent after something had been received: round trips, if one operation runs alone. */
  readonly roundTrips: number;
}

const sockets = new Set<Socket>();
let closedSent = 0;
let closedReceived = 0;
let roundTrips = 0;
let receivedLast = true;

/** Counts on all sockets that connect from now on. */
export function watchNetwork(): void {
  const connect = Socket.prototype.connect;
  Socket.prototype.connect = function watched(this: Socket, ...args: unknown[]) {
    if (!sockets.has(this)) watch(this);
    return Reflect.apply(connect, this, args) as Socket;
  } as Socket["connect"];
}

function watch(socket: Socket): void {
  sockets.add(socket);
  const push = socket.push;
  socket.push = function counted(this: Socket, ...args: Parameters<Socket["push"]>) {
    receivedLast = true;
    return push.apply(this, args);
  } as Socket["push"];
  // Connecting puts the prototype's own `write` back.
  socket.once("connect", () => {
    const write = socket.write;
    socket.write = function counted(this: Socket, ...args: Parameters<Socket["write"]>) {
      if (receivedLast) roundTrips += 1;
      receivedLast = false;
      return write.apply(this, args);
    } as Socket["write"];
  });
  socket.once("close", () => {
    sockets.delete(socket);
    closedSent += socket.bytesWritten;
    closedReceived += socket.bytesRead;
  });
}

export function trafficNow(): Traffic {
  let bytesSent = closedSent;
  let bytesReceived = closedReceived;
  for (const socket of sockets) {
    bytesSent += socket.bytesWritten;
    bytesReceived += socket.bytesRead;
  }
  return { bytesSent, bytesReceived, roundTrips };
}

export function trafficSince(before: Traffic): Traffic {
  const now = trafficNow();
  return {
    bytesSent: now.bytesSent - before.bytesSent,
    bytesReceived: now.bytesReceived - before.bytesReceived,
    roundTrips: now.roundTrips - before.roundTrips,
  };
}
