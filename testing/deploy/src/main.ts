import { runAsMain } from "@turnkeep/match-kit";
import Table from "cli-table3";
import { alertFaults } from "./alerts/faults.js";
import { helpText, type Options, readAlertOptions } from "./alerts/options.js";
import { type Proof, proveAlert, proveHealthy } from "./alerts/prove-alert.js";

const holds = ({ firedAfter, others }: Proof): boolean => firedAfter !== null && others.length === 0;

function table(proofs: readonly Proof[]): string {
  const rows = new Table({ head: ["alert", "fault", "fired after", "others", ""], style: { head: [], border: [] } });
  for (const proof of proofs) {
    const { alert, fault, firedAfter, others } = proof;
    const after = alert === "none" ? "-" : firedAfter === null ? "never" : `${firedAfter} s`;
    rows.push([alert, fault, after, others.join(", ") || "-", holds(proof) ? "ok" : "NOT OK"]);
  }
  return rows.toString();
}

async function prove({ only, minutes, json, ...site }: Options, signal: AbortSignal): Promise<boolean> {
  const wanted = only.split(",").filter(Boolean);
  const chosen = alertFaults.filter(({ alert }) => wanted.length === 0 || wanted.includes(alert));
  const proofs: Proof[] = [];
  for (const [index, fault] of chosen.entries()) {
    process.stderr.write(`${index + 1} of ${chosen.length}: ${fault.alert}, ${fault.fault}\n`);
    proofs.push(await proveAlert(fault, site, signal));
  }
  if (minutes > 0) {
    process.stderr.write(`${minutes} minutes of healthy play\n`);
    proofs.push(await proveHealthy(minutes, site, signal));
  }
  const ok = proofs.every(holds);
  process.stdout.write(json ? `${JSON.stringify({ ok, proofs })}\n` : `${table(proofs)}\n`);
  return ok;
}

process.exitCode = await runAsMain({ name: "the proof", read: readAlertOptions, help: helpText, run: prove });
