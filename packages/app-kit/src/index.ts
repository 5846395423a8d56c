export { type Environment, environmentName, givenSettings, type SettingsSchema } from "./given-settings.js";
export { logError } from "./log-error.js";
export * from "./pause.js";
export * from "./ping-stores.js";
export * from "./read-settings.js";
export * from "./settings-help.js";
export * from "./stop-signals.js";
export * from "./store-settings.js";
