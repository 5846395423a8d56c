import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type ApiClient, createApiClient, type DemoToken, Refusal, requests } from "@turnkeep/api";
import { demoTokenAnswerSchema } from "@turnkeep/api/schemas";
import { systemRuntime } from "@turnkeep/core";
import { WebSocket } from "ws";
import * as z from "zod";
import type { BotsConfig } from "./config.js";

const fileName = "bots.json";
const names = ["Hazel", "Bracken"] as const;
/** Longer than any match. */
const neededMs = 4 * 3_600_000;

const tokensSchema = z.tuple([demoTokenAnswerSchema, demoTokenAnswerSchema]);
type Tokens = readonly [DemoToken, DemoToken];

/** One bot: who it is, and its way to the server. */
export interface Seat {
  readonly playerId: string;
  readonly name: string;
  readonly api: ApiClient;
}
export type Seats = readonly [Seat, Seat];

/**
 * The two bots with their own tokens: those of last time, so that an unfinished match goes on, or new ones. They are kept
 * in the folder, readable by its owner only.
 * @throws Unanswered once the signal fires
 */
export async function takeSeats({ serverUrl: url, dataDir }: BotsConfig, signal: AbortSignal): Promise<Seats> {
  const seatOf = ({ playerId, name, token }: DemoToken): Seat => ({
    playerId,
    name,
    api: createApiClient({ url, token: () => token, WebSocket }),
  });
  const kept = await readTokens(dataDir);
  if (kept !== null) {
    const seats = [seatOf(kept[0]), seatOf(kept[1])] as const;
    if (await areWelcome(seats, signal)) return seats;
  }
  const anybody = createApiClient({ url });
  const newToken = (name: string) => anybody.askUntilAnswered(requests.createDemoToken(name), { signal });
  const tokens = [await newToken(names[0]), await newToken(names[1])] as const;
  await writeTokens(dataDir, tokens);
  return [seatOf(tokens[0]), seatOf(tokens[1])];
}

async function readTokens(dataDir: string): Promise<Tokens | null> {
  try {
    const tokens = tokensSchema.parse(JSON.parse(await readFile(join(dataDir, fileName), "utf8")));
    return tokens.every(({ expiresAt }) => expiresAt > systemRuntime.wallClockMs() + neededMs) ? tokens : null;
  } catch {
    // Missing or unreadable: the next write replaces it.
    return null;
  }
}

async function writeTokens(dataDir: string, tokens: Tokens): Promise<void> {
  await mkdir(dataDir, { recursive: true });
  const draft = join(dataDir, `${fileName}.${process.pid}`);
  await writeFile(draft, JSON.stringify(tokens), { mode: 0o600 });
  await rename(draft, join(dataDir, fileName));
}

/** False after the server's secret has changed. */
async function areWelcome(seats: Seats, signal: AbortSignal): Promise<boolean> {
  try {
    for (const { api } of seats) await api.askUntilAnswered(requests.listGames(), { signal });
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}
