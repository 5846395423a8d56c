import { Sequelize } from "sequelize";
import { expect, test } from "vitest";
import { parseOptions } from "./options.js";
import { createSqlStore } from "./store.js";

const url = "postgres://user:password@localhost/games";

test("defaults are filled in, and the result is frozen", () => {
  const settings = parseOptions({ url });
  expect(settings).toMatchObject({
    schema: "turnkeep",
    poolSize: 4,
    advanced: { sequelizePoolSize: 5, preparedStatements: true },
  });
  expect(Object.isFrozen(settings)).toBe(true);
});

test("unsound options are refused by name, and no message holds a password", () => {
  const sequelize = new Sequelize(url, { dialect: "postgres" });
  const unsound: Parameters<typeof parseOptions>[0][] = [
    {},
    { url, sequelize },
    { url: `mysql://user:password@localhost` },
    { url, schema: 'x"; DROP SCHEMA public; --' },
    { url, schema: "Upper" },
    { url, poolSize: 0 },
    { url, unknown: 1 } as object,
    { sequelize: {} as Sequelize },
  ];
  for (const options of unsound) {
    expect(() => createSqlStore(options)).toThrow(expect.objectContaining({ code: "InvalidInput" }));
    expect(() => createSqlStore(options)).not.toThrow(/password/);
  }
});
