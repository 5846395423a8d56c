export * from "./process/before-stop.js";
export * from "./process/command-line.js";
export * from "./process/end-status.js";
export * from "./process/finishes-within.js";
export { logError } from "./process/log-error.js";
export * from "./process/logger.js";
export * from "./process/pause.js";
export * from "./process/repeat.js";
export * from "./process/run-program.js";
export * from "./process/stop-signals.js";
export { type CountedEvents, countManagerEvents } from "./report/manager-metrics.js";
export * from "./report/sample-quarantined.js";
export { type MetricsServer, type SlowGame, serveMetrics } from "./report/serve-metrics.js";
export * from "./report/store-metrics.js";
export {
  type Environment,
  environmentName,
  givenSettings,
  type Settings,
  type SettingsShape,
} from "./settings/given-settings.js";
export * from "./settings/misspelt-settings.js";
export * from "./settings/number-from-text.js";
export * from "./settings/read-settings.js";
export * from "./settings/service-settings.js";
export * from "./settings/settings-help.js";
export * from "./stores/compose-stores.js";
export * from "./stores/health-routes.js";
export * from "./stores/ping-stores.js";
