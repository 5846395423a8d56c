import { testServers } from "@turnkeep/dev-services/testing";
import pg from "pg";
import { expect, test } from "vitest";
import { binaryTextArray } from "./text-array.js";

test("Postgres reads the binary form as the very texts that were given", async () => {
  const client = new pg.Client({ connectionString: testServers().databaseUrl });
  await client.connect();
  for (const texts of [[], [""], ["NULL", "{}", 'a"b\\c', "ü€😀", "\n\t'"], Array(500).fill("x".repeat(3_000))]) {
    const { rows } = await client.query("SELECT $1::text[] AS texts", [binaryTextArray(texts)]);
    expect(rows).toEqual([{ texts }]);
  }
  await client.end();
});
