import { createServer } from "node:net";

/**
 * A port on loopback that was free a moment ago. Another process may take it before the caller does; then the server
 * has to be started again with another one.
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
