import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { environmentFor, type Servers } from "./config.js";

export interface PlayOptions {
  readonly servers: Servers;
  readonly gameId: string;
  /** After so many actions a server is killed, with another action under way; and another server goes on. */
  readonly actionsPerServer: number;
  /** The server's program; default: its sources. */
  readonly program?: string;
}

const sources = fileURLToPath(new URL("./server-main.ts", import.meta.url));

/** Plays a PGN file to its end on servers that are killed. Returns how many were. @throws Error if one fails by itself */
export async function playPgn(
  file: string,
  { servers, gameId, actionsPerServer, program = sources }: PlayOptions,
): Promise<number> {
  const execArgv = program === sources ? ["--import", "tsx", "--conditions=@turnkeep/source"] : [];
  for (let kills = 0; ; kills++) {
    const server = fork(program, [file, gameId], { env: environmentFor(servers), execArgv });
    const exited = once(server, "exit");
    let actions = 0;
    server.on("message", () => {
      server.send("go on");
      if (actions === actionsPerServer) server.kill("SIGKILL");
      actions += 1;
    });
    const [code] = await exited;
    if (code === 0) return kills;
    if (code !== null) throw new Error(`a server ended with ${code}`);
  }
}
