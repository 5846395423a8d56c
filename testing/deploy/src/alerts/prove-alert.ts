import { pause } from "@turnkeep/service-kit";
import * as z from "zod";
import type { AlertFault } from "./faults.js";
import { onSite, type Site, type SiteOptions } from "./site.js";

export interface Proof {
  readonly alert: string;
  readonly fault: string;
  /** How long after the fault the alert fired, in s; `null` if it did not within the time. */
  readonly firedAfter: number | null;
  /** Other alerts that fired. */
  readonly others: readonly string[];
}

const prefix = "Turnkeep";
/** An alert fires within this time; others are looked for until then as well. */
const withinMs = 60_000;
/** How long a site rests until its first scrapes and matches are there. */
const restMs = 8_000;
const lookEveryMs = 500;

const answerSchema = z.object({
  data: z.object({
    alerts: z.array(z.object({ state: z.string(), labels: z.looseObject({ alertname: z.string() }) })),
  }),
});

async function firing({ prometheusUrl }: Pick<Site, "prometheusUrl">): Promise<readonly string[]> {
  const answer = answerSchema.parse(await (await fetch(`${prometheusUrl}/api/v1/alerts`)).json());
  const names = answer.data.alerts.flatMap(({ state, labels }) => (state === "firing" ? labels.alertname : []));
  return names.map((name) => name.slice(prefix.length));
}

/** Whether this fault raises its alert within a minute, and no other. */
export function proveAlert(
  { alert, fault, settingsOfSecond, inject }: AlertFault,
  options: SiteOptions,
  signal: AbortSignal,
): Promise<Proof> {
  const site = settingsOfSecond === undefined ? options : { ...options, settingsOfSecond };
  return onSite(site, signal, async (running, either) => {
    await pause(restMs, either);
    const early = await firing(running);
    const began = performance.now();
    const injected = inject(running, either);
    injected.catch(() => undefined);
    const seen = await watch(running, withinMs, either);
    const firedAt = seen.get(alert);
    await Promise.race([injected, pause(0, either)]);
    const others = new Set([...early, ...seen.keys()]);
    others.delete(alert);
    const firedAfter = firedAt === undefined ? null : Math.round((firedAt - began) / 100) / 10;
    return { alert, fault, firedAfter, others: [...others] };
  });
}

/** What fires although nothing is wrong. */
export function proveHealthy(minutes: number, options: SiteOptions, signal: AbortSignal): Promise<Proof> {
  return onSite(options, signal, async (running, either) => {
    const seen = await watch(running, minutes * 60_000, either);
    return { alert: "none", fault: `${minutes} minutes of play`, firedAfter: 0, others: [...seen.keys()] };
  });
}

/** When each alert was first seen firing. */
async function watch(site: Site, forMs: number, signal: AbortSignal): Promise<ReadonlyMap<string, number>> {
  const seen = new Map<string, number>();
  const deadline = performance.now() + forMs;
  while (performance.now() < deadline && !signal.aborted) {
    for (const alert of await firing(site)) if (!seen.has(alert)) seen.set(alert, performance.now());
    await pause(lookEveryMs, signal);
  }
  signal.throwIfAborted();
  return seen;
}
