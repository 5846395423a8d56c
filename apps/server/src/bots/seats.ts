import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { type ApiClient, Refused, type Token } from "./api-client.js";

const fileName = "bots.json";
const names = ["Hazel", "Bracken"] as const;
/** Longer than any match. */
const neededMs = 4 * 3_600_000;

const tokenSchema = z.object({
  token: z.string(),
  playerId: z.string(),
  name: z.string(),
  expiresAt: z.number(),
});
const seatsSchema = z.tuple([tokenSchema, tokenSchema]);
export type Seats = readonly [Token, Token];

/**
 * The two bots' own tokens: those of last time, so that an unfinished match goes on, or new ones. They are kept in the
 * folder, readable by its owner only.
 */
export async function takeSeats(api: ApiClient, dataDir: string): Promise<Seats> {
  const kept = await readSeats(dataDir);
  if (kept !== null && (await areWelcome(api, kept))) return kept;
  const seats = [await api.token(names[0]), await api.token(names[1])] as const;
  await writeSeats(dataDir, seats);
  return seats;
}

async function readSeats(dataDir: string): Promise<Seats | null> {
  try {
    const seats = seatsSchema.parse(JSON.parse(await readFile(join(dataDir, fileName), "utf8")));
    return seats.every(({ expiresAt }) => expiresAt > Date.now() + neededMs) ? seats : null;
  } catch {
    // Missing or unreadable: the next write replaces it.
    return null;
  }
}

async function writeSeats(dataDir: string, seats: Seats): Promise<void> {
  await mkdir(dataDir, { recursive: true });
  const draft = join(dataDir, `${fileName}.${process.pid}`);
  await writeFile(draft, JSON.stringify(seats), { mode: 0o600 });
  await rename(draft, join(dataDir, fileName));
}

/** False after the server's secret has changed. */
async function areWelcome(api: ApiClient, seats: Seats): Promise<boolean> {
  try {
    for (const { token } of seats) await api.activeGames(token);
    return true;
  } catch (error) {
    if (error instanceof Refused) return false;
    throw error;
  }
}
