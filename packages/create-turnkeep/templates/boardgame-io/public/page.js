import { Client } from "boardgame.io/client";
import { SocketIO } from "boardgame.io/multiplayer";
import { game } from "../src/game.ts";

const main = document.querySelector("main");

async function post(path, body) {
  const headers = { "content-type": "application/json" };
  const response = await fetch(`games/${game.name}/${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(await response.text());
  return response.json();
}

/** A seat of a match, with the secret that proves it, which this browser keeps. */
async function takeSeat(matchID, playerID) {
  const { playerCredentials: credentials } = await post(`${matchID}/join`, { playerID, playerName: playerID });
  localStorage.setItem(matchID, JSON.stringify({ playerID, credentials }));
}

function paragraph(className, text) {
  const element = document.createElement("p");
  element.className = className;
  element.textContent = text;
  return element;
}

function board({ G, ctx }, client) {
  const cells = document.createElement("div");
  cells.className = "board";
  for (const [cell, owner] of G.cells.entries()) {
    const button = document.createElement("button");
    button.textContent = owner === null ? "" : "×○"[owner];
    button.disabled = owner !== null || ctx.currentPlayer !== client.playerID || ctx.gameover !== undefined;
    button.onclick = () => client.moves.mark(cell);
    cells.append(button);
  }
  return cells;
}

function resultOf({ gameover }, playerID) {
  if (gameover.draw) return "A draw.";
  return gameover.winner === playerID ? "You have won." : "You have lost.";
}

async function create() {
  const { matchID } = await post("create", { numPlayers: 2 });
  await takeSeat(matchID, "0");
  location.hash = matchID;
}

/** What fails, as while the server is away, is said. */
async function saying(work) {
  try {
    await work();
  } catch (error) {
    main.textContent = `That did not work: ${error.message}. Load the page again.`;
  }
}

/** The address after its `#` names the match. */
async function begin() {
  const matchID = location.hash.slice(1);
  if (matchID === "") {
    const button = document.createElement("button");
    button.textContent = "New game";
    button.onclick = () => saying(create);
    return main.replaceChildren(button);
  }
  if (localStorage.getItem(matchID) === null) await takeSeat(matchID, "1");
  const { playerID, credentials } = JSON.parse(localStorage.getItem(matchID));
  const multiplayer = SocketIO({ server: location.origin });
  const client = Client({ game, matchID, playerID, credentials, multiplayer, debug: false });
  client.subscribe((state) => {
    if (state === null) return main.replaceChildren("Connecting …");
    const link = paragraph("link", "Send this page's address to the other player.");
    const { gameover } = state.ctx;
    main.replaceChildren(board(state, client), gameover ? paragraph("result", resultOf(state.ctx, playerID)) : link);
  });
  client.start();
}

addEventListener("hashchange", () => saying(begin));
saying(begin);
