import Table from "cli-table3";
import { type Rehearsal, rehearse } from "./rehearsal/rehearse.js";

const log = (line: string) => void process.stderr.write(`${line}\n`);
const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;
const megabytes = (mb: number) => `${Math.round(mb)} MB`;

function tableOf(result: Rehearsal): string {
  const { gamesPerSecond, peakMemoryMb, firstActions, poison, verified } = result;
  const table = new Table({ style: { head: [], border: [], compact: true } });
  table.push(
    ["games", String(result.games)],
    ["recovered when the leader was killed", String(result.atTheKill)],
    ["games a second, first and second daemon", `${gamesPerSecond.first}, ${gamesPerSecond.second}`],
    ["peak memory, first and second daemon", `${megabytes(peakMemoryMb.first)}, ${megabytes(peakMemoryMb.second)}`],
    ["from the kill until the second one began", seconds(result.handOverMs)],
    ["from the loss of Redis until all were back", seconds(result.recoveredAfterMs)],
    ["actions", String(result.actions)],
    ["slowest first action on a game after the loss", `${seconds(firstActions.slowestMs)}, of ${firstActions.games}`],
    ["poison rows reported", `${poison.reported} of ${poison.planted}`],
    ["durable actions lost", String(result.lost.length)],
    ["verify", `${verified.findings.length} findings, ${verified.gamesPerSecond} games/s`],
  );
  return table.toString();
}

const games = Number(process.env.TURNKEEP_GAMES ?? 50_000);
if (!Number.isSafeInteger(games) || games < 500) {
  log("TURNKEEP_GAMES: a whole number of at least 500");
  process.exit(2);
}
try {
  const result = await rehearse({ games, onStep: log });
  process.stdout.write(`${tableOf(result)}\n`);
  for (const { kind, gameId } of result.verified.findings.slice(0, 10)) log(`${kind}: ${gameId}`);
  const { poison, lost, verified } = result;
  process.exitCode = poison.reported === poison.planted && lost.length === 0 && verified.findings.length === 0 ? 0 : 1;
} catch (error) {
  log(String(error instanceof Error ? error.stack : error));
  process.exitCode = 1;
}
