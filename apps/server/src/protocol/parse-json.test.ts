import { expect, test } from "vitest";
import { parseJson } from "./parse-json.js";

test("sound JSON is parsed", () => {
  expect(parseJson('{"a":[1,"ü😀",null,true]}')).toEqual({ a: [1, "ü😀", null, true] });
});

test.each([
  ["no JSON", "{secret-token", "InvalidInput", undefined],
  ["a key __proto__", '{"a":{"__proto__":{"admin":true}}}', "InvalidState", "key"],
  ["a key __proto__, escaped", '{"\\u005f_proto__":1}', "InvalidState", "key"],
  ["a key constructor", '{"constructor":{"prototype":{}}}', "InvalidState", "key"],
  ["half a surrogate pair", '{"a":"\\ud800"}', "InvalidState", "unicode"],
  ["NUL in a string", '{"a":"\\u0000"}', "InvalidState", "nul"],
  ["NUL in a key", '{"\\u0000":1}', "InvalidState", "nul"],
  ["an endless number", "[1e400]", "InvalidState", "number"],
  ["an integer that JSON would change", "[9007199254740993]", "InvalidState", "number"],
  ["negative zero", "[-0]", "InvalidState", "number"],
  ["too much depth", `${"[".repeat(65)}${"]".repeat(65)}`, "InvalidState", "depth"],
  ["too many containers", `{"rules":{"a":[${"{},".repeat(345_000)}{}]}}`, "InvalidInput", undefined],
  ["too many keys", `{${Array.from({ length: 2_001 }, (_, at) => `"k${at}":1`).join(",")}}`, "InvalidInput", undefined],
  ["very much depth", `${"[".repeat(200_000)}${"]".repeat(200_000)}`, "InvalidState", "depth"],
])("%s is refused", (_what, text, code, reason) => {
  let error: unknown;
  try {
    parseJson(text);
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toMatchObject(reason === undefined ? { code } : { code, details: { reason } });
  expect((error as Error).message).not.toContain("secret");
});

test("brackets and commas inside texts count for nothing", () => {
  const text = `\\"${"[{,".repeat(5_000)}`;
  expect(parseJson(JSON.stringify({ [text]: text }))).toEqual({ [text]: text });
});

test("what has too many parts is refused before it is built, whatever follows", () => {
  expect(() => parseJson(`[${"[],".repeat(3_000)}nonsense`)).toThrow("too many parts");
});
