import { vi } from "vitest";
import { patienceMs } from "./patience.js";

// Vitest keeps a hundred frames of each error, and most errors in tests are refusals that they expect.
Error.stackTraceLimit = 20;

/* A condition that a test waits for may come late on a slow machine: unless a test says otherwise, it has this long. */
const { waitFor, waitUntil } = vi;
const patient = (options: number | { timeout?: number } = {}) =>
  typeof options === "number" ? options : { timeout: patienceMs, ...options };

vi.waitFor = (check, options) => waitFor(check, patient(options));
vi.waitUntil = (check, options) => waitUntil(check, patient(options));
