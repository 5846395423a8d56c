import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { downloadDebianPackages } from "../download-debian-packages.mjs";
import { toolsFolder } from "../workspace-folder.js";

export interface PrometheusPrograms {
  readonly prometheus: string;
  readonly promtool: string;
}

const run = ({ prometheus, promtool }: PrometheusPrograms): boolean =>
  [prometheus, promtool].every((file) => spawnSync(file, ["--version"], { stdio: "ignore" }).status === 0);

/**
 * Prometheus and promtool of this machine, else those of the distribution's packages, unpacked into the tools folder.
 * @throws Error in one sentence that says what to do
 */
export async function findPrometheus(): Promise<PrometheusPrograms> {
  const installed = { prometheus: "prometheus", promtool: "promtool" };
  if (run(installed)) return installed;
  const folder = join(toolsFolder(), "prometheus");
  const unpacked = { prometheus: join(folder, "usr/bin/prometheus"), promtool: join(folder, "usr/bin/promtool") };
  if (!existsSync(folder)) {
    await downloadDebianPackages(folder, ["prometheus"]).catch((error: Error) => {
      throw new Error(`No Prometheus: install the package "prometheus" (${error.message}).`);
    });
  }
  if (run(unpacked)) return unpacked;
  throw new Error(`No Prometheus: the copy in ${folder} does not run: remove that folder to fetch it again.`);
}
