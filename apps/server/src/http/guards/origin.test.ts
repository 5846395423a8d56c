import { expect, test } from "vitest";
import { isAllowedOrigin } from "./origin.js";

test.each([
  [undefined, "play.example", true],
  ["https://play.example", "play.example", true],
  ["http://localhost:3000", "localhost:3000", true],
  ["https://ally.example", "play.example", true],
  ["https://evil.example", "play.example", false],
  ["https://play.example.evil.example", "play.example", false],
  ["https://play.example:8443", "play.example", false],
  ["http://ally.example", "play.example", false],
  ["null", "play.example", false],
  ["", "play.example", false],
  ["chrome-extension://play.example", "play.example", false],
  ["https://play.example", undefined, false],
])("origin %s on host %s: %s", (origin, host, allowed) => {
  expect(isAllowedOrigin(origin, host, ["https://ally.example"])).toBe(allowed);
});
