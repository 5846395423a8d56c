import type { GameState } from "@turnkeep/game-state";
import type { GameStateManager } from "@turnkeep/manager";
import type { Measured } from "../measure/operation.js";
import type { ContenderName, Site } from "./contender.js";
import { type Limit, openLimit } from "./limit.js";
import { type Naive, openNaive } from "./naive.js";
import { openTurnkeep, type TurnkeepSettings } from "./turnkeep.js";

type Manager = GameStateManager<GameState>;
type Making = Measured | Promise<Measured>;

/** How each contender does what a row measures. */
export interface Designs {
  readonly limit: (limit: Limit) => Making;
  /** A second limit, for rows that have one. */
  readonly copy?: (limit: Limit) => Making;
  readonly naive: (naive: Naive) => Making;
  readonly turnkeep: (manager: Manager) => Making;
  readonly settings?: TurnkeepSettings;
  /** Of `writes` Turnkeep is shown twice, by what the schema checks. */
  readonly kind: "reads" | "writes";
}

export type Contenders = ReadonlyMap<ContenderName, Measured>;

/** Opens all contenders of a case; each closes its own connections. */
export async function openContenders(site: Site, designs: Designs): Promise<Contenders> {
  const contenders = new Map<ContenderName, Measured>();
  const add = (name: ContenderName, measured: Measured, close: () => Promise<unknown>) =>
    contenders.set(name, { ...measured, close: () => Promise.all([measured.close?.(), close()]) });
  const limit = await openLimit(site);
  add("limit", await designs.limit(limit), limit.close);
  add("control", await designs.limit(limit), async () => {});
  if (designs.copy) add("copy", await designs.copy(limit), async () => {});
  const naive = await openNaive(site);
  add("naive", await designs.naive(naive), naive.close);
  if (designs.kind === "reads") {
    const manager = await openTurnkeep(site, designs.settings);
    add("turnkeep", await designs.turnkeep(manager), () => manager.close());
    return contenders;
  }
  for (const validateWrites of ["every", "turns"] as const) {
    const own = { ...site, schema: `${site.schema}_${validateWrites}` };
    const manager = await openTurnkeep(own, { ...designs.settings, validateWrites });
    add(validateWrites, await designs.turnkeep(manager), () => manager.close());
  }
  return contenders;
}
