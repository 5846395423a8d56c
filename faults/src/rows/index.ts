import type { FaultRow } from "../fault-row.js";
import { flushAll } from "./flush-all.js";
import { redisEmpty } from "./redis-empty.js";
import { redisKilled } from "./redis-killed.js";

/** Every row of the fault table, in its order. */
export const faultRows: readonly FaultRow[] = [redisKilled, redisEmpty, flushAll];
