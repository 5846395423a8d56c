import { redisCacheOptions } from "@turnkeep/redis-cache";
import { sqlStoreOptions } from "@turnkeep/sql-store";
import { expect, test } from "vitest";
import { advancedStoreSettings, storeSettings } from "./service-settings.js";

const ofStore = sqlStoreOptions.unwrap().shape;
const ofCache = redisCacheOptions.unwrap().shape;
const inCode = ["sequelize", "client", "runtime", "onWarning", "advanced", "applicationName"];
/** The caches' inner beat, which nothing outside depends on. */
const inner = ["tokenTtlMs", "heartbeatMs", "discoverPartsEveryMs"];

test.each([
  ["database", { ...ofStore, ...ofStore.advanced.unwrap().shape }],
  ["redis", { ...ofCache, ...ofCache.advanced.unwrap().unwrap().shape }],
])("every option of the %s that an operator may need is a setting", (side, options) => {
  const settings = Object.keys({ ...storeSettings, ...advancedStoreSettings });
  const without = Object.keys(options).filter((option) => {
    const prefixed = `${side}${option.charAt(0).toUpperCase()}${option.slice(1)}`;
    return ![...inCode, ...inner].includes(option) && !settings.includes(prefixed) && !settings.includes(option);
  });
  expect(without).toEqual([]);
});
