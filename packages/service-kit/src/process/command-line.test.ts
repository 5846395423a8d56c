import { expect, test } from "vitest";
import * as z from "zod";
import { readCommandLine } from "./command-line.js";

const program = {
  name: "turnkeep-test",
  version: "1.2.3",
  description: "a program of the tests",
  flags: { once: "run once" },
  settings: {
    usual: { port: z.coerce.number().default(80).describe("the port") },
    advanced: { poolSize: z.coerce.number().default(10).describe("the pool") },
  },
};
const read = (...args: string[]) => readCommandLine(program, args);

test("without arguments it runs; flags of its own are known", () => {
  expect(read()).toEqual({ kind: "run", flags: new Set() });
  expect(read("--once")).toEqual({ kind: "run", flags: new Set(["once"]) });
});

test("the help shows options and usual settings, and on request the advanced ones", () => {
  const help = read("--once", "--help");
  expect(help).toMatchObject({ kind: "print", text: expect.stringMatching(/--once +run once[\s\S]+PORT +the port/) });
  expect(help).not.toMatchObject({ text: expect.stringContaining("POOL_SIZE") });
  expect(read("--help", "--advanced")).toMatchObject({ text: expect.stringMatching(/PORT[\s\S]+POOL_SIZE +the pool/) });
  expect(read("--version")).toEqual({ kind: "print", text: "1.2.3\n" });
});

test("what is unknown is named, and nothing is done", () => {
  for (const args of [["--onec"], ["now"], ["--once=yes"], ["-o"], ["--"], ["--advanced"], ["--help", "--port"]]) {
    expect(read(...args), args.join(" ")).toMatchObject({ kind: "refuse" });
  }
  expect(read("--onec", "now")).toMatchObject({ text: expect.stringContaining("--onec now") });
});
