export * from "./errors.js";
export * from "./game-definition.js";
export * from "./game-id.js";
export * from "./game-rules.js";
export * from "./json.js";
export * from "./outcome.js";
export * from "./version.js";
export * from "./write-id.js";
