export { createGameStateManager } from "./create-manager.js";
export type * from "./events.js";
export { settingsSchema } from "./settings.js";
export type * from "./types.js";
