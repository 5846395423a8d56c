import { expect, test } from "vitest";
import { pageTests, sitDown } from "../testing/page-tests.js";
import { startPathProxy } from "../testing/path-proxy.js";

const tests = pageTests();

test("behind a proxy that has the page below a path, it is loaded, played and invites from there", async () => {
  const proxy = await startPathProxy(tests.server.address, "/cards");
  const { page } = await tests.open({}, proxy.address);
  const sockets: string[] = [];
  page.on("websocket", (socket) => sockets.push(socket.url()));
  await page.reload();
  await sitDown(page);
  expect(sockets.at(-1)).toBe(`${proxy.address.replace("http", "ws")}ws`);
  await page.goto(`${proxy.address}#/`);
  await page.getByRole("button", { name: /^Invite some/ }).click();
  const link = await page.locator("input[readonly]").inputValue();
  expect(link).toContain(`${proxy.address}#/invite/`);
  proxy.stop();
});
