import { holdRowsToAccount } from "../testing/hold-rows-to-account.js";
import { faultRows } from "./index.js";

// In two files, so that two rows run at once.
holdRowsToAccount(faultRows.filter(({ onDemand }) => !onDemand).filter((_, n) => n % 2 === 0));
