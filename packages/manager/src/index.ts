export { createGameStateManager } from "./create-manager.js";
export type * from "./events.js";
export type { OnStep, StepName } from "./process/steps.js";
export { settingsSchema } from "./settings.js";
export type * from "./types.js";
