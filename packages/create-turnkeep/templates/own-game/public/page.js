import { show } from "./game.js";

const main = document.querySelector("main");
const problem = document.querySelector("#problem");
const pause = () => new Promise((resolve) => setTimeout(resolve, 500));

/** Sends it until it is answered, also while the server is away. */
async function post(path, body = {}) {
  for (;;) {
    try {
      const headers = { "content-type": "application/json" };
      const response = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
      const answer = await response.json();
      if (response.ok) return answer;
      if (response.status !== 503) throw new Refused(answer.reason);
    } catch (error) {
      if (error instanceof Refused) throw error;
    }
    await pause();
  }
}

class Refused extends Error {}

/** Shows the game as it is now, again and again; begins anew when the server is back. */
function follow(gameId) {
  const act = async (action) => {
    problem.textContent = "";
    const writeId = Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16)).join("-");
    try {
      await post(`games/${gameId}/actions`, { action, writeId });
    } catch (error) {
      problem.textContent = error.message;
    }
  };
  const events = new EventSource(`games/${gameId}/events`);
  events.onmessage = ({ data }) => {
    const { view, you, outcome } = JSON.parse(data);
    if (outcome) events.close();
    main.replaceChildren(...show({ view, you, act }), ...(outcome ? [result(you, outcome)] : []));
  };
  events.onerror = async () => {
    if (events.readyState !== EventSource.CLOSED) return;
    await pause();
    follow(gameId);
  };
}

function result(you, { winnerIds }) {
  const line = document.createElement("p");
  line.className = "result";
  line.textContent = winnerIds.length === 0 ? "A draw." : winnerIds.includes(you) ? "You have won." : "You have lost.";
  return line;
}

/** The address after its `#` names the game and the players who have a seat. */
async function begin() {
  const [gameId, ...players] = location.hash.slice(1).split(".");
  if (gameId) return takeSeat({ gameId, players });
  const button = document.createElement("button");
  button.textContent = "New game";
  button.onclick = () => takeSeat({ players: [] });
  main.replaceChildren(button);
}

async function takeSeat(seat) {
  try {
    const { gameId, players } = await post("games", seat);
    history.replaceState(null, "", `#${[gameId, ...players].join(".")}`);
    main.textContent = "Send this page's address to the next player.";
    follow(gameId);
  } catch (error) {
    problem.textContent = error.message;
    if (seat.gameId) follow(seat.gameId);
  }
}

addEventListener("hashchange", begin);
begin();
