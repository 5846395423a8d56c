import { manager, port } from "./config.js";
import { createApp } from "./create-app.js";

await manager.start();
const server = createApp(manager).listen(port, () => console.log(`connect four: http://localhost:${port}`));
process.once("SIGTERM", async () => {
  server.close();
  server.closeAllConnections();
  await manager.close();
});
