// Shows games as spectators may see them: the list by HTTP, the chosen game live over the socket.
const listEveryMs = 3_000;
const reconnectMs = 1_500;
const lingerMs = 6_000;

const byId = (id) => document.getElementById(id);

/** An element with text or children; nothing is ever parsed as HTML. */
function element(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children.filter((child) => child !== null));
  return made;
}

const state = { socket: null, chosen: null, overSince: null };

// The list of live games

async function refreshList() {
  try {
    const response = await fetch("/live", { headers: { accept: "application/json" } });
    if (response.status === 401) return notice("This server shows games to players only: it is not in demo mode.");
    if (!response.ok) return;
    const { games } = await response.json();
    showList(games);
    chooseFrom(games);
  } catch {
    // The server is away; the socket's state says so.
  }
}

function showList(games) {
  byId("no-games").hidden = games.length > 0;
  const buttons = games.map(({ gameId, view }) => {
    const names = view.turnOrder.map((id) => view.players[id].name).join(" – ");
    const button = element("button", "", names, element("small", "", turnText(view)));
    button.type = "button";
    button.dataset.gameId = gameId;
    button.addEventListener("click", () => watch(gameId));
    return element("li", "", button);
  });
  const focused = document.activeElement?.dataset?.gameId;
  byId("games").replaceChildren(...buttons);
  markChosen();
  if (focused) byId("games").querySelector(`[data-game-id="${focused}"]`)?.focus();
}

function markChosen() {
  for (const button of byId("games").querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(button.dataset.gameId === state.chosen));
  }
}

/** Stays with a game until it has been over for a while, then goes on to another. */
function chooseFrom(games) {
  const over = state.overSince !== null && Date.now() - state.overSince > lingerMs;
  const next = games.find(({ gameId }) => gameId !== state.chosen);
  if ((state.chosen === null || over) && next !== undefined) watch(next.gameId);
}

// The socket

function connect() {
  const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws`);
  state.socket = socket;
  socket.addEventListener("open", () => say({ type: "authenticate", token: null }));
  socket.addEventListener("message", ({ data }) => hear(JSON.parse(data)));
  socket.addEventListener("close", () => {
    showConnection("reconnecting", false);
    setTimeout(connect, reconnectMs);
  });
}

function say(message) {
  if (state.socket?.readyState === WebSocket.OPEN) state.socket.send(JSON.stringify(message));
}

function hear(message) {
  switch (message.type) {
    case "authenticated":
      showConnection("live", true);
      if (state.chosen !== null) say({ type: "watch", gameId: state.chosen });
      refreshList();
      break;
    case "view":
      if (message.gameId === state.chosen) showGame(message.view, message.status);
      break;
    case "gone":
      state.overSince ??= Date.now();
      break;
    case "error":
      if (message.gameId === state.chosen) state.overSince ??= Date.now();
      break;
  }
}

function watch(gameId) {
  if (gameId === state.chosen) return;
  if (state.chosen !== null) say({ type: "unwatch", gameId: state.chosen });
  state.chosen = gameId;
  state.overSince = null;
  say({ type: "watch", gameId });
  markChosen();
}

function showConnection(text, live) {
  byId("connection").textContent = text;
  byId("connection").classList.toggle("live", live);
}

function notice(text) {
  byId("notice").textContent = text;
  byId("notice").hidden = false;
}

// One game

function showGame(view, status) {
  if (status !== "live") state.overSince ??= Date.now();
  byId("table").hidden = false;
  byId("status").replaceChildren(
    element("span", "", turnText(view)),
    element("span", "quiet", view.gameType),
    ...(view.result === null ? [] : [element("span", "", resultText(view))]),
  );
  const [first, second] = view.turnOrder;
  showSide(byId("far"), view, first);
  showSide(byId("near"), view, second);
  showRecords(view);
}

function showSide(section, view, playerId) {
  const player = view.players[playerId];
  const isTurn = view.result === null && view.currentPlayerId === playerId;
  section.classList.toggle("turn", isTurn);
  section.setAttribute("aria-label", player.name);
  const bench = player.bench.map((creature) => showCreature(view, creature, false));
  const empty = Math.max(0, view.rules.benchSize - bench.length);
  section.replaceChildren(
    element(
      "div",
      "name",
      element("h3", "", player.name),
      isTurn ? element("span", "badge", "to move") : null,
      view.result?.winnerId === playerId ? element("span", "badge", "winner") : null,
      showCounts(player),
    ),
    element(
      "div",
      "creatures",
      player.active === null ? emptyPlace("no active creature") : showCreature(view, player.active, true),
      ...bench,
      ...Array.from({ length: empty }, () => emptyPlace("bench")),
    ),
  );
}

function showCounts(player) {
  const counts = [
    ["prizes left", player.prizeCount],
    ["hand", player.handCount],
    ["deck", player.deckCount],
    ["discard", player.discard.length],
  ];
  return element("div", "counts", ...counts.map(([name, n]) => element("span", "", `${name} `, element("b", "", n))));
}

function showCreature(view, creature, isActive) {
  const definition = view.cards[creature.definitionId];
  const most = definition?.hitPoints ?? 0;
  const left = Math.max(0, most - creature.damage);
  const bar = element("meter", "");
  Object.assign(bar, { min: 0, max: most, low: most / 3, high: most / 2, optimum: most, value: left });
  bar.setAttribute("aria-label", "hit points");
  const extras = [
    creature.energy.length > 0 ? `${creature.energy.length} energy` : null,
    ...creature.conditions,
  ].filter((text) => text !== null);
  return element(
    "div",
    isActive ? "creature active" : "creature",
    element("strong", "", definition?.name ?? creature.definitionId),
    bar,
    element("span", "", `${left} / ${most} HP`),
    element("div", "quiet", extras.join(", ") || "–"),
  );
}

function emptyPlace(text) {
  return element("div", "creature empty", text);
}

function showRecords(view) {
  const newestFirst = [...view.recentActions].reverse().slice(0, 12);
  byId("records").replaceChildren(...newestFirst.map((record) => element("li", "", recordText(view, record))));
}

// Words

const phases = {
  setup: "setting up",
  draw: "draw",
  main: "main phase",
  attack: "attack",
  betweenTurns: "between turns",
  ended: "over",
};

function turnText(view) {
  if (view.result !== null) return `over after turn ${view.turnNumber}`;
  return view.phase === "setup" ? "setting up" : `turn ${view.turnNumber}, ${phases[view.phase] ?? view.phase}`;
}

const reasons = {
  prizesTaken: "took all prizes",
  noCreaturesLeft: "the other side has no creature left",
  deckEmpty: "the other deck is empty",
  conceded: "the other side conceded",
  timedOut: "the other side ran out of time",
  turnLimitReached: "ahead at the turn limit",
  tied: "a tie",
  expired: "nobody played on",
  abandoned: "abandoned",
};

function resultText({ result, players }) {
  const reason = reasons[result.reason] ?? result.reason;
  return result.winnerId === null ? `no winner: ${reason}` : `${players[result.winnerId].name} wins: ${reason}`;
}

const sentences = {
  setUp: ({ who, cards }) => `${who} lays out ${cards}`,
  draw: ({ who, cards }) => `${who} draws ${cards}`,
  playCreature: ({ who, cards }) => `${who} plays ${cards}`,
  attachEnergy: ({ who, cards }) => `${who} attaches ${cards}`,
  playTrainer: ({ who, cards }) => `${who} plays ${cards}`,
  retreat: ({ who, cards }) => `${who} retreats: ${cards}`,
  attack: ({ who, cards }) => `${who} attacks with ${cards}`,
  promote: ({ who, cards }) => `${who} sends ${cards} forward`,
  discard: ({ who, cards }) => `${who} discards ${cards}`,
  endTurn: ({ who }) => `${who} ends the turn`,
  concede: ({ who }) => `${who} concedes`,
  coinFlip: ({ who, amount }) => `${who} flips ${amount === 1 ? "heads" : "tails"}`,
  damage: ({ who, cards, amount }) => `${who}: ${cards} takes ${amount} damage`,
  heal: ({ who, cards, amount }) => `${who}: ${cards} is healed by ${amount}`,
  condition: ({ who, cards }) => `${who}: ${cards} is afflicted`,
  knockOut: ({ who, cards }) => `${who} loses ${cards}`,
  takePrizes: ({ who, count }) => `${who} takes ${count} ${count === 1 ? "prize" : "prizes"}`,
};

function recordText(view, { type, playerId, cards, cardCount, amount }) {
  const who = view.players[playerId]?.name ?? playerId;
  const names = cards.map(({ definitionId }) => view.cards[definitionId]?.name ?? definitionId).join(", ");
  const count = `${cardCount} ${cardCount === 1 ? "card" : "cards"}`;
  const say = sentences[type] ?? (() => `${who}: ${type}`);
  return say({ who, cards: names || count, count: cardCount, amount });
}

connect();
refreshList();
setInterval(refreshList, listEveryMs);
