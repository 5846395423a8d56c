import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { testServers } from "@turnkeep/dev-services/testing";

export interface ServerProcess {
  readonly port: number;
  /** As a failing machine would. */
  kill(): Promise<void>;
}

/** Resolves once it serves. @throws Error with its output if it ends before */
export async function startServer(program: string, port: number, name: string): Promise<ServerProcess> {
  const child = spawn(process.execPath, [program, JSON.stringify({ port, name, ...testServers() })], { stdio: "pipe" });
  await served(child);
  return {
    port,
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) {
        throw new Error(`the server ended by itself: ${child.exitCode ?? child.signalCode}`);
      }
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}

function served(child: ChildProcess): Promise<void> {
  let output = "";
  return new Promise((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      output = `${output}${chunk}`.slice(-10_000);
      if (output.includes("serving\n")) resolve();
    };
    child.stdout?.on("data", hear);
    child.stderr?.on("data", hear);
    child.once("exit", (code) => reject(new Error(`the server ended with ${code}: ${output}`)));
  });
}
