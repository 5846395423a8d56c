import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const read = (file: string) => readFileSync(new URL(file, import.meta.url), "utf8");

test("the README's sample is sample.test.ts", () => {
  const [, sample] = /```ts\n([\s\S]*?)```/.exec(read("../README.md")) ?? [];
  expect(sample).toBe(read("./sample.test.ts").replace('"./index.js"', '"@turnkeep/testing"'));
});
