import { openLimit } from "../contenders/limit.js";
import { openNaive } from "../contenders/naive.js";
import { actLimited, actNaively, actWithTurnkeep } from "./act-on-any.js";
import { recovering } from "./recovering.js";
import type { Task, Working } from "./task.js";

export async function openTask(task: Task): Promise<Working> {
  if (task.what === "recover") return recovering(task);
  switch (task.contender) {
    case "limit":
    case "copy":
      return actLimited(await openLimit(task.site), task);
    case "naive":
      return actNaively(await openNaive(task.site), task);
    case "turnkeep":
      return actWithTurnkeep(task);
  }
}
