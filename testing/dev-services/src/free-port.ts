import { createServer } from "node:net";

/**
 * A port on loopback that nobody listened on a moment ago. Another process may take it before the
 * caller does, so a server that finds it taken is started again with a fresh one.
 */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => {
        if (address !== null && typeof address === "object") resolve(address.port);
        else reject(new Error("The system gave no free port on 127.0.0.1."));
      });
    });
  });
