import { expect, it } from "vitest";
import { act, refusalOf, type Side, scene, side } from "../testing/scene.js";
import { hitPointsOf, retreatCostOf } from "./continuing.js";

const tool = (seat: number, definitionId: string) => [{ id: `${seat}-tool-0`, definitionId, owner: seat }];
const stadium = (definitionId: string) => ({ stadium: { id: "0-stadium-0", definitionId, owner: 0 } });

function damageOf(mine: Side, yours: Side): number | undefined {
  const { state, me, you } = scene(mine, yours);
  return side(act(state, me, { type: "attack", attackIndex: 0 }), you).active?.damage;
}

it("the attacker's changes come before weakness, the defender's after, and none to an attack without damage", () => {
  const kilnback = { active: "kilnback", energy: ["ember-energy"] };
  expect(damageOf(kilnback, { active: "slate-warden", change: { tools: tool(1, "quilted-coat") } })).toBe(10);
  const whetted = { ...kilnback, change: { tools: tool(0, "whetstone") } };
  expect(damageOf(whetted, { active: "bough-giant", change: { tools: tool(1, "quilted-coat") } })).toBe(50);
  const drink = { active: "bough-giant", energy: ["grove-energy"], change: { tools: tool(0, "whetstone") } };
  expect(damageOf(drink, { active: "kilnback" })).toBe(0);
});

it("hit points change for whom the card says, and a creature falls when they no longer cover its damage", () => {
  const { state, me } = scene({ active: "gravel-ram", bench: ["ashpaw"] }, {}, stadium("standing-stones"));
  const { active, bench } = side(state, me);
  expect([active, ...bench].map((creature) => creature && hitPointsOf(state, creature))).toEqual([100, 60]);
  const moor = scene(
    { hand: ["dry-moor"], active: "ashpaw" },
    { active: "mosskit", bench: ["rillfin"], change: { damage: 50 } },
  );
  const laid = act(moor.state, moor.me, { type: "playStadium", cardId: "0-hand-0" });
  expect(laid.forcedActions).toEqual([{ type: "promote", playerId: moor.you }]);
  expect(side(laid, moor.me).prizes).toHaveLength(2);
  expect(laid.phase).toBe("main");
});

it("a retreat costs less, down to nothing", () => {
  const mine = { active: "gravel-ram", bench: ["ashpaw"], energy: ["stone-energy"] };
  const retreat = { type: "retreat", benchId: "0-bench-0" } as const;
  const dear = scene(mine);
  expect(refusalOf(dear.state, dear.me, retreat)).toBe("IllegalAction notEnoughEnergy");
  const cheap = scene(mine, {}, stadium("high-scaffold"));
  expect(side(act(cheap.state, cheap.me, retreat), cheap.me).discard).toHaveLength(1);
  const free = scene({ ...mine, active: "ashpaw", change: { tools: tool(0, "borrowed-stilts") } });
  const { active } = side(free.state, free.me);
  expect(active && retreatCostOf(free.state, active)).toBe(0);
  expect(side(act(free.state, free.me, retreat), free.me).discard).toHaveLength(0);
});

it("a stadium mends creatures in front alone, and both tool and stadium count", () => {
  const change = { damage: 30, tools: tool(0, "ration-tin") };
  const { state, me } = scene({ active: "slate-warden", bench: ["ashpaw"], change }, {}, stadium("standing-stones"));
  const { active } = side(state, me);
  expect(active && hitPointsOf(state, active)).toBe(160);
  const mill = { ...state, ...stadium("sunken-mill") };
  const bench = side(mill, me).bench.map((creature) => ({ ...creature, damage: 30 }));
  const players = { ...mill.players, [me]: { ...side(mill, me), bench } };
  const passed = side(act({ ...mill, players }, me, { type: "endTurn" }), me);
  expect([passed.active?.damage, passed.bench[0]?.damage]).toEqual([20, 30]);
});
