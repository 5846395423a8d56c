import { fork } from "node:child_process";
import { once } from "node:events";
import { findProgram } from "@turnkeep/dev-services";
import type { ClientResult, ClientWork, Phase } from "./client-work.js";

/** Players under way in a process of their own. */
export interface Client {
  readonly result: Promise<ClientResult>;
  enter(phase: Phase): void;
  /** Ends at once what is left; safe to call twice. */
  kill(): void;
}

/** What goes to a process of players; what comes back is one {@link ClientResult}. */
export type ToClient = { readonly kind: "work"; readonly work: ClientWork } | { readonly kind: Phase };

const program = {
  built: new URL("./client-main.js", import.meta.url),
  sources: new URL("../client-main.ts", import.meta.url),
};

/** The process ends with this one, since its channel does. */
export async function startClient(work: ClientWork): Promise<Client> {
  const child = fork(await findProgram(import.meta.url, program), {
    execArgv: [],
    serialization: "advanced",
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const send = (message: ToClient) => child.send(message, () => undefined);
  const ended = once(child, "exit").then(([code, signal]): never => {
    throw new Error(`a process of players ended: ${signal ?? `code ${code}`}`);
  });
  const answered = once(child, "message").then(([result]) => result as ClientResult);
  const result = Promise.race([answered, ended]).finally(() => child.kill("SIGKILL"));
  ended.catch(() => undefined);
  send({ kind: "work", work });
  return { result, enter: (phase) => send({ kind: phase }), kill: () => child.kill("SIGKILL") };
}
