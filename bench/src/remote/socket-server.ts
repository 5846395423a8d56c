import type { AddressInfo } from "node:net";
import { type CardAction, cardRules } from "@turnkeep/card-rules";
import { type GameState, viewFor } from "@turnkeep/game-state";
import { type WebSocket, WebSocketServer } from "ws";
import type { Address } from "../contenders/contender.js";
import { openLimit } from "../contenders/limit.js";
import { openNaive } from "../contenders/naive.js";
import { dealtGame } from "../states/dealt-game.js";

/** What a bare server gets: the game's number in `begin`, then actions of the player who has to act. */
export type ToSocketServer =
  | { readonly type: "begin"; readonly number: number }
  | { readonly type: "act"; readonly playerId: string; readonly action: CardAction };

export interface Served {
  readonly load: (gameId: string) => Promise<GameState>;
  readonly save: (state: GameState, turned: boolean) => Promise<unknown>;
}

/** Loads and saves as the limit does, which keeps the states in memory, or as the usual design does. */
export async function servedBy(contender: "limit" | "naive", address: Address): Promise<Served> {
  if (contender === "naive") {
    const naive = await openNaive(address);
    return { load: naive.get, save: (state, turned) => (turned ? naive.save(state) : naive.set(state)) };
  }
  const limit = await openLimit(address);
  const held = new Map<string, GameState>();
  return {
    load: async (gameId) => held.get(gameId) as GameState,
    save: (state, turned) => {
      held.set(state.gameId, state);
      return turned ? limit.save(state) : limit.set(state);
    },
  };
}

/** One socket a game, which shows the views of both players: no identities, no checks, no order among servers. */
export async function serveSockets(served: Served): Promise<number> {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  server.on("connection", (socket) => {
    let gameId = "";
    socket.on("message", async (data) => {
      const message = JSON.parse(String(data)) as ToSocketServer;
      if (message.type === "begin") {
        const state = dealtGame(message.number);
        gameId = state.gameId;
        await served.save(state, true);
        return show(socket, state);
      }
      const before = await served.load(gameId);
      const { state } = cardRules.apply(before, message.playerId, message.action);
      await served.save(state, state.turnNumber !== before.turnNumber || state.result !== null);
      show(socket, state);
    });
  });
  await new Promise((resolve) => server.once("listening", resolve));
  return (server.address() as AddressInfo).port;
}

function show(socket: WebSocket, state: GameState): void {
  socket.send(JSON.stringify(state.turnOrder.map((playerId) => viewFor(state, { playerId }))));
}
