import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { freePort } from "../free-port.js";
import { type OwnedProcess, spawnOwned } from "../owned-process.mjs";
import type { RedisProgram } from "./find-redis.js";

export interface RedisCommand {
  readonly program: RedisProgram;
  readonly cwd: string;
  /** @default a free one */
  readonly port: number | undefined;
  readonly timeoutMs: number;
  /** The arguments, given the port. */
  args(port: number): readonly string[];
}

const portAttempts = 5;

/** True when the server on this port serves, and is this process: another one may have taken the port. */
const serves = (pid: number, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    let reply = "";
    const socket = connect(port, "127.0.0.1", () => socket.write("PING\r\nINFO server\r\nQUIT\r\n"));
    socket.setTimeout(1_000, () => socket.destroy());
    socket.on("data", (chunk) => {
      reply += chunk.toString("latin1");
    });
    socket.on("error", () => {});
    // While it still loads its data, the first answer is an error.
    socket.once("close", () => resolve(reply.startsWith("+PONG") && reply.includes(`process_id:${pid}\r`)));
  });

async function untilReady(server: OwnedProcess, port: number, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (server.running() && Date.now() < deadline) {
    if (await serves(server.pid, port)) return server.running();
    await delay(10);
  }
  return false;
}

/**
 * Starts redis-server, as a Redis or as a Sentinel, and resolves when it answers. A port that another process took in
 * the meantime is replaced by another free one, unless the caller gave it.
 * @throws Error when it does not serve in time
 */
export async function spawnRedis(command: RedisCommand): Promise<{ server: OwnedProcess; port: number }> {
  const { program, cwd, timeoutMs } = command;
  let output = "";
  for (let attempt = 1; attempt <= portAttempts; attempt += 1) {
    const port = command.port ?? (await freePort());
    const server = spawnOwned({
      file: program.file,
      env: program.env,
      cwd,
      orphanSignal: "TERM",
      args: command.args(port),
    });
    if (await untilReady(server, port, timeoutMs)) return { server, port };
    output = server.output();
    await server.kill();
    if (command.port !== undefined || !output.includes("Address already in use")) break;
  }
  throw new Error(`Redis did not start within ${timeoutMs} ms: ${output.trim().split("\n").at(-1) ?? "no output"}`);
}
