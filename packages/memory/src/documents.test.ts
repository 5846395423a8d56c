import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");
const firstSample = (path: string) => /```ts\n([\s\S]*?)```/.exec(read(path))?.[1];

test("the sample of the page on testing an adapter is the test of this package's own adapters", () => {
  expect(firstSample("../../../docs/testing-an-adapter.md")).toBe(read("./conformance.test.ts"));
});

test("the sample of the conformance package's README is a test here", () => {
  expect(firstSample("../../conformance/README.md")).toBe(read("./sample.test.ts"));
});
