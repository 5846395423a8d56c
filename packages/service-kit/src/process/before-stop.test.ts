import { expect, test } from "vitest";
import { beforeStop } from "./before-stop.js";

test("work that ends first is what it gives or throws", async () => {
  const { signal } = new AbortController();
  await expect(beforeStop(Promise.resolve(1), signal)).resolves.toBe(1);
  await expect(beforeStop(Promise.reject(new Error("failed")), signal)).rejects.toThrow("failed");
});

test("nobody waits for work that hangs once the signal has fired", async () => {
  const stop = new AbortController();
  const waiting = beforeStop(new Promise(() => undefined), stop.signal);
  stop.abort();
  await expect(waiting).resolves.toBeNull();
  await expect(beforeStop(new Promise(() => undefined), stop.signal)).resolves.toBeNull();
});
