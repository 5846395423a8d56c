import { randomUUID } from "node:crypto";
import type { Game } from "@turnkeep/api";
import type { GameView } from "@turnkeep/game-state";
import type { Operation } from "../check/operation.js";
import { fork, type Random } from "../random.js";
import type { PlayStyle } from "./play-style.js";
import { Player } from "./player.js";
import { PushClock } from "./push-clock.js";
import { tokenFor } from "./token.js";

/** What is played: between two players, or against an NPC. */
export interface MatchKind {
  readonly name: string;
  /** Of who begins the match. */
  readonly style: PlayStyle;
  /** Of the other player; `npcId` instead: there is none. */
  readonly opponent: PlayStyle | { readonly npcId: string };
  readonly rules?: Readonly<Record<string, unknown>>;
}

export interface MatchOptions {
  /** Each player of a match uses another one, as far as there are several. */
  readonly serverUrls: readonly string[];
  readonly jwtSecret: string;
  readonly random: Random;
  readonly kind: MatchKind;
  readonly onOperation: (operation: Operation) => void;
  /** Receives how long it took from sending an action until the opponent saw it, in ms. */
  readonly onPush?: (tookMs: number) => void;
}

export interface PlayedMatch {
  readonly gameId: string;
  /** The end as a player saw it; `null` where nobody saw one. */
  readonly end: GameView | null;
}

/** New players, and one game between them; `null` where the signal fired before it began. */
export async function playMatch(options: MatchOptions, signal: AbortSignal): Promise<PlayedMatch | null> {
  const { kind, onPush = () => undefined } = options;
  const clocks = [new PushClock(onPush), new PushClock(onPush)] as const;
  const first = newPlayer(options, 0, randomUUID(), kind.style, clocks);
  const rules = kind.rules === undefined ? {} : { rules: kind.rules };
  const players = [first];
  let gameId: string | null;
  if ("npcId" in kind.opponent) {
    gameId = await first.begin({ npcId: kind.opponent.npcId, ...rules }, signal);
  } else {
    const second = newPlayer(options, 1, randomUUID(), kind.opponent, [clocks[1], clocks[0]]);
    players.push(second);
    const token = await first.invite(rules, signal);
    gameId = token === null ? null : await second.accept(token, signal);
  }
  if (gameId === null) return null;
  const begun = gameId;
  const seen = await Promise.all(players.map((player) => player.play(begun, signal)));
  return { gameId, end: seen.find((view) => view !== null) ?? null };
}

function newPlayer(
  { serverUrls, jwtSecret, random, onOperation }: MatchOptions,
  index: number,
  playerId: string,
  style: PlayStyle,
  [own, others]: readonly [PushClock, PushClock],
): Player {
  const serverUrl = serverUrls[index % serverUrls.length] ?? "";
  return new Player({
    playerId,
    token: tokenFor(playerId, jwtSecret),
    serverUrl,
    random: fork(random),
    style,
    onOperation,
    onWritten: (version, sentAt) => own.sent(version, sentAt),
    onShown: ({ version }: Game) => {
      if (version !== null) others.shown(version, performance.now());
    },
  });
}
