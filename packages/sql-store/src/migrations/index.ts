import { games } from "./0001-games.js";
import { history } from "./0002-history.js";
import { leases } from "./0003-leases.js";
import { deadlines } from "./0004-deadlines.js";
import type { Migration } from "./migration.js";

/** All steps of the schema, in order. */
export const migrations: readonly Migration[] = [games, history, leases, deadlines];
