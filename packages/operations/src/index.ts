export type { Level } from "./doctor/check.js";
export * from "./doctor/examine.js";
export * from "./inspect-game.js";
export * from "./list-games.js";
export * from "./verify/compare.js";
export * from "./verify/mend.js";
export * from "./verify/verify.js";
