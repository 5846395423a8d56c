export * from "./game-answers.js";
export * from "./game-requests.js";
export * from "./ids.js";
export * from "./problem.js";
export * from "./socket-messages.js";
