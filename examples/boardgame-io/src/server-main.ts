import { createRequire } from "node:module";
import { createStorage, givenStores } from "./config.js";
import { ticTacToe } from "./tic-tac-toe.js";

// Plain Node finds this module only by `require`.
const { Server } = createRequire(import.meta.url)("boardgame.io/server") as typeof import("boardgame.io/server");

if (givenStores === null) throw new Error("REDIS_URL and DATABASE_URL are needed");
const db = createStorage(givenStores);
await Server({ games: [ticTacToe], db, origins: ["*"] }).run(Number(process.argv[2]));
process.send?.("serving");
