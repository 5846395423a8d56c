import { Command } from "ioredis";
import { expect, test } from "vitest";
import { PackedCommand, packed } from "./packed-command.js";

const texts = ["", "3", "key", "ключ", `{"a":"${"x".repeat(600)}"}`, `{"a":"${"é€😀".repeat(300)}"}`, "last\r\n"];

test.each([[texts], [[...texts].reverse()], [["only"]]])(
  "a command goes out as the client itself would send it",
  (args) => {
    const [name = "", ...rest] = ["evalsha", ...args];
    const plain = new Command(name, [...rest]).toWritable({});
    expect(packed([name, ...rest])).toEqual(Buffer.from(plain));
    expect(new PackedCommand(name, rest, 2).toWritable()).toEqual(Buffer.from(plain));
  },
);

test("a Cluster finds the node by the first key", () => {
  const command = new PackedCommand("evalsha", ["sha", "2", "first", "second", "argument"], 2);
  expect(command.getKeys()).toEqual(["first"]);
});
