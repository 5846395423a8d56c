export * from "./inspect-game.js";
