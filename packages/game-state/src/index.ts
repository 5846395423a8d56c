export * from "./card-game/index.js";
export * from "./core/index.js";
