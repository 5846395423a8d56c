import type { GameView } from "@turnkeep/game-state";
import { expect, test } from "vitest";
import type { SeenGame } from "./answer.js";
import { LatestView } from "./latest-view.js";

const never = new AbortController().signal;
const seen = (records: number, status: SeenGame["status"] = "live"): SeenGame => ({
  gameId: "g",
  version: `1.${records}`,
  status,
  view: { recentActions: records === 0 ? [] : [{ seq: records }] } as unknown as GameView,
});

test("an older view that comes late is not shown, a newer one and the end are", () => {
  const latest = new LatestView(seen(0));
  latest.show(seen(5));
  latest.show(seen(4));
  expect(latest.current.version).toBe("1.5");
  latest.show(seen(5, "ended"));
  latest.show(seen(6));
  expect(latest.current.status).toBe("ended");
});

test("whoever waits is told of the next view, and waits no longer than the bound", async () => {
  const latest = new LatestView(seen(1));
  const waiting = latest.next(60_000, never);
  latest.show(seen(2));
  await waiting;
  const before = latest.current;
  await latest.next(1, never);
  expect(latest.current).toBe(before);
});
