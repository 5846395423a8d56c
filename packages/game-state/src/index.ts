export * from "@turnkeep/core";
export * from "./card-game/index.js";
