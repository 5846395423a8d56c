import { action, turn } from "./action.js";
import type { Row } from "./row.js";

export const allRows: readonly Row[] = [action, turn];
