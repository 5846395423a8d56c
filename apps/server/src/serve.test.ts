import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startTestServer } from "./testing/test-server.js";

const taken = createServer();
let port: string;
beforeEach(async () => {
  taken.listen(0, "127.0.0.1");
  await once(taken, "listening");
  port = String((taken.address() as AddressInfo).port);
});
afterEach(async () => {
  taken.close();
  await once(taken, "close");
});

test("a server that cannot serve its metrics does not stay behind on its public port", async () => {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const free = String((probe.address() as AddressInfo).port);
  probe.close();
  await once(probe, "close");
  await expect(startTestServer({ environment: { PORT: free, METRICS_PORT: port } })).rejects.toThrow("EADDRINUSE");
  await expect(fetch(`http://127.0.0.1:${free}/livez`)).rejects.toThrow();
});

test("neither does one whose port is taken", async () => {
  await expect(startTestServer({ environment: { PORT: port } })).rejects.toThrow("EADDRINUSE");
});
