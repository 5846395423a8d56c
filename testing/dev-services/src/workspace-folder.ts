import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the checkout that this file is in: the folder with the workspace file. */
function workspaceFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "pnpm-workspace.yaml"))) {
    const parent = dirname(folder);
    if (parent === folder)
      throw new Error("dev-services runs only inside its workspace: no pnpm-workspace.yaml above it.");
    folder = parent;
  }
  return folder;
}

/** Where downloaded tools are kept: git-ignored, shared by all processes of this checkout. */
export const toolsFolder = (): string => join(workspaceFolder(), ".tools");
