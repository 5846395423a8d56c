import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startProgram } from "./start-program.js";
import { waitUntil } from "./wait-until.js";

let folder: string;
let script: string;
const never = new AbortController().signal;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "turnkeep-program-"));
  script = join(folder, "app.mjs");
  const source = `
    import { createServer } from "node:http";
    const server = createServer((_, reply) => reply.end("ok"));
    server.listen(0, "127.0.0.1", () => console.log(JSON.stringify({ pid: process.pid, port: server.address().port })));
    process.once("SIGTERM", () => server.close(() => process.exit(0)));
    server.keepAliveTimeout = 1;
  `;
  await writeFile(script, source);
});
afterAll(() => rm(folder, { recursive: true }));

const alive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test("a program that ends before it is ready is reported with what it printed", async () => {
  const broken = join(folder, "broken.mjs");
  await writeFile(broken, 'console.log("no luck"); process.exit(3);');
  const options = {
    name: "thing",
    command: [broken],
    workingFolder: folder,
    environment: {},
    readyUrl: "http://127.0.0.1:1/",
    readyTimeoutMs: 9_000,
    verbose: false,
  };
  await expect(startProgram(options, never)).rejects.toThrow(/ended by itself\n.*no luck/);
});

test("a program is ended with the process that started it, even when that is killed", async () => {
  const parent = join(folder, "parent.mts");
  const module = JSON.stringify(new URL("start-program.ts", import.meta.url).href);
  await writeFile(
    parent,
    `import { startProgram } from ${module};
     const options = { name: "app", environment: {}, readyUrl: "http://127.0.0.1:1/", readyTimeoutMs: 60000 };
     const app = { ...options, command: [${JSON.stringify(script)}], workingFolder: ".", verbose: true };
     await startProgram(app, new AbortController().signal);`,
  );
  const args = ["--import", "tsx", "--conditions=@turnkeep/source", parent];
  const owner = spawn(process.execPath, args, { stdio: ["ignore", "inherit", "pipe"] });
  const exited = once(owner, "exit");
  const [line] = (await once(createInterface({ input: owner.stderr }), "line")) as [string];
  const { pid } = JSON.parse(line) as { pid: number };
  expect(alive(pid)).toBe(true);
  owner.kill("SIGKILL");
  await exited;
  expect(await waitUntil(async () => !alive(pid), { withinMs: 10_000, everyMs: 10, signal: never })).toBe(true);
});
