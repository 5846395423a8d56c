export { createDaemon, type Daemon, type DaemonOptions, type StoresOption } from "./create-daemon.js";
export type { ManagerSettingsInput, Stores } from "./parts.js";
export type { TaskStatus } from "./run/task-runner.js";
export type { TaskSummary } from "./run-once.js";
export { type DaemonSettingsInput, daemonSettingsSchema } from "./settings.js";
export type { TaskResult } from "./tasks/task.js";
