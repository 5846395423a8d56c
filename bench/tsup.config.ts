import { app } from "../tsup.base.js";

export default app({
  main: "src/main.ts",
  worker: "src/remote/worker.ts",
  "socket-server-main": "src/remote/socket-server-main.ts",
});
